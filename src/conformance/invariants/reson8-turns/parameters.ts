import { query as documented, PARAMETERS } from '../../../protocol/reson8-turns/handshake.ts';

/** The names of the parameters that the vendor's page does not allow with their values, or that are given twice. */
export function wrongIn(query: URLSearchParams): readonly string[] {
  const twice = PARAMETERS.filter((name) => query.getAll(name).length > 1);
  const read = documented.safeParse(Object.fromEntries(query));
  const issues = read.error?.issues.map(({ path }) => String(path[0] ?? 'eager_turn_probability')) ?? [];
  return [...new Set([...twice, ...issues])];
}

/** The id of no model: the nil UUID, which is never assigned (RFC 9562, 5.9). */
const NO_MODEL = '00000000-0000-0000-0000-000000000000';

/** Whether a query names a custom model that no server has. */
export function namesNoModel(query: URLSearchParams): boolean {
  return query.get('custom_model_id') === NO_MODEL;
}

/** Whether a server has no reason to refuse a query. */
export function isInOrder(query: URLSearchParams): boolean {
  return wrongIn(query).length === 0 && !namesNoModel(query);
}
