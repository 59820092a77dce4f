/** No one mistypes a longer name, and comparing two of them takes the product of their lengths in steps. */
export const LONGEST_MISTYPED = 100;
/** The maximum number of candidates that are considered. */
export const MOST_CANDIDATES = 1000;

/**
 * The candidate that a mistyped word most likely means: at most a third of its letters may be wrong, missing,
 * superfluous or swapped with their neighbour. Undefined if none is that similar. Strangers choose the words, so words
 * longer than LONGEST_MISTYPED get no suggestion, and only the first MOST_CANDIDATES candidates are considered.
 */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > LONGEST_MISTYPED) return undefined;
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates.slice(0, MOST_CANDIDATES)) {
    // At least this many letters are missing or superfluous.
    if (candidate.length > LONGEST_MISTYPED || Math.abs(candidate.length - word.length) >= bestDistance)
      continue;
    const distance = editDistance(word, candidate);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** The end of a message about an unknown word; undefined if no known one is similar. */
export function suggestion(meant: string | undefined): string | undefined {
  return meant === undefined ? undefined : `; did you mean "${meant}"?`;
}

/** Damerau-Levenshtein distance (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const at = (from: readonly number[], index: number) => from[index] ?? Infinity;
      let cost = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, at(before, j - 2) + 1);
      row.push(Math.min(cost, at(last, j) + 1, at(row, j - 1) + 1));
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? a.length;
}
