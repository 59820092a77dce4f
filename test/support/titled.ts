/**
 * The rows of a table of tests, each after its title, which is to be used as `%s`: of a text in a `$field`, Vitest shows
 * only forty characters, in quotes.
 */
export function titled<Row>(
  rows: readonly Row[],
  title: (row: Row) => string,
): readonly (readonly [title: string, row: Row])[] {
  return rows.map((row) => [title(row), row] as const);
}
