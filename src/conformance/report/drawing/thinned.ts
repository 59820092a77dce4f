/** A row that is kept, or how many were left out. */
export type ThinnedRow<Row> =
  | { readonly kind: 'row'; readonly row: Row }
  | { readonly kind: 'gap'; readonly count: number };

/** The number of rows kept around each required row. */
const AROUND = 3;

/**
 * About `most` of many rows: first the required ones with their neighbours, then the beginning and the end, which share
 * the remaining room, but get at least a quarter of it each.
 */
export function thinned<Row>(
  rows: readonly Row[],
  mustBeSeen: (row: Row) => boolean,
  most: number,
): readonly ThinnedRow<Row>[] {
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
  const result: ThinnedRow<Row>[] = [];
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
