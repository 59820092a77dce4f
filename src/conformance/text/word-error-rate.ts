/** Of longer texts only the beginnings are compared, since the table grows with the square of the length. */
export const MOST_WORDS = 2000;

/**
 * How much two texts differ, from 0 (not at all) to 1 (in every word): the fewest words to replace, insert or remove,
 * divided by the length of the longer text. Neither text is the reference, so the order does not matter.
 */
export function wordErrorRate(a: readonly string[], b: readonly string[]): number {
  const [rows, columns] = [a.slice(0, MOST_WORDS), b.slice(0, MOST_WORDS)];
  const longer = Math.max(rows.length, columns.length);
  return longer === 0 ? 0 : editCount(rows, columns) / longer;
}

/** Levenshtein distance, with one row of the table at a time. */
function editCount(rows: readonly string[], columns: readonly string[]): number {
  let above = Array.from({ length: columns.length + 1 }, (_, column) => column);
  for (const [row, word] of rows.entries()) {
    let left = row + 1;
    const current = [left];
    for (const [column, other] of columns.entries()) {
      const replaced = (above[column] ?? 0) + (word === other ? 0 : 1);
      left = Math.min(replaced, (above[column + 1] ?? 0) + 1, left + 1);
      current.push(left);
    }
    above = current;
  }
  return above.at(-1) ?? 0;
}
