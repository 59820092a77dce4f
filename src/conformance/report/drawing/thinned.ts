/** An entry that is kept, or how many were left out. */
export type Kept<Row> =
  { readonly kind: 'row'; readonly row: Row } | { readonly kind: 'gap'; readonly count: number };

/** Around each row that must be seen, so many are kept. */
const AROUND = 3;

/**
 * At most about `most` of many rows: those that must be seen with their neighbours first, then the beginning and the
 * end, a quarter of the room each and what is left.
 */
export function thinned<Row>(
  rows: readonly Row[],
  mustBeSeen: (row: Row) => boolean,
  most: number,
): readonly Kept<Row>[] {
  if (rows.length <= most) return rows.map((row) => ({ kind: 'row', row }));
  const kept = new Set<number>();
  const edge = Math.floor(most / 4);
  for (const [place, row] of rows.entries()) {
    if (!mustBeSeen(row)) continue;
    if (kept.size >= most - 2 * edge) break;
    for (let near = Math.max(0, place - AROUND); near <= Math.min(rows.length - 1, place + AROUND); near++) {
      kept.add(near);
    }
  }
  for (let i = 0; i < edge; i++) kept.add(i).add(rows.length - 1 - i);
  const result: Kept<Row>[] = [];
  let count = 0;
  for (const [place, row] of rows.entries()) {
    if (!kept.has(place)) {
      count += 1;
      continue;
    }
    if (count > 0) result.push({ kind: 'gap', count });
    count = 0;
    result.push({ kind: 'row', row });
  }
  return result;
}
