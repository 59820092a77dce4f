import { query as documented, PARAMETERS } from '../../../protocol/reson8-turns/handshake.ts';

/** What is wrong with the parameters of a query, by the vendor's page: their names; one that is given twice is. */
export function wrongIn(query: URLSearchParams): readonly string[] {
  const twice = PARAMETERS.filter((name) => query.getAll(name).length > 1);
  const read = documented.safeParse(Object.fromEntries(query));
  const issues = read.error?.issues.map(({ path }) => String(path[0] ?? 'eager_turn_probability')) ?? [];
  return [...new Set([...twice, ...issues])];
}

/** Whether a server has nothing to object to a query. */
export function isInOrder(query: URLSearchParams): boolean {
  return wrongIn(query).length === 0;
}
