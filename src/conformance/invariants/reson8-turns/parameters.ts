import { query as documented, PARAMETERS } from '../../../protocol/reson8-turns/handshake.ts';

/** The names of the parameters that the vendor's page does not allow as they are, or that are given twice. */
export function wrongIn(query: URLSearchParams): readonly string[] {
  const twice = PARAMETERS.filter((name) => query.getAll(name).length > 1);
  const read = documented.safeParse(Object.fromEntries(query));
  const issues = read.error?.issues.map(({ path }) => String(path[0] ?? 'eager_turn_probability')) ?? [];
  return [...new Set([...twice, ...issues])];
}

/** Whether a server has no reason to refuse a query. */
export function isInOrder(query: URLSearchParams): boolean {
  return wrongIn(query).length === 0;
}
