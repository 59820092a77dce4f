import type { Dialect } from './dialects.ts';
import type { Check, EditionRange, ObservationTopic, Requirement, Unseen } from './requirement.ts';
import { placesOf } from './source.ts';

/** The part of a row after its id, level, side and places. */
type Row = { readonly statement: string; readonly ambiguity?: string; readonly editions?: EditionRange } & (
  | {
      /** What must have happened before a pass means anything. */
      readonly witness: string;
      /** `not-exercised` unless given. */
      readonly unseen?: Extract<Check, { kind: 'invariant' }>['unseen'];
    }
  /** Why it cannot be checked. */
  | { readonly unchecked: string }
);

/** Ids are part of the type of a list of rows, so an unknown id does not compile. */
type Write = <const Id extends string>(
  id: Id,
  side: Requirement['side'],
  places: string,
  row: Row,
) => Requirement<Id>;

/** Functions that write requirements about these dialects, one for each level. */
export function rowsOf(...dialects: readonly Dialect[]): Record<'must' | 'should' | 'info', Write> {
  const write =
    (level: Requirement['level']): Write =>
    (id, side, places, row) => ({
      id,
      level,
      side,
      dialects,
      statement: row.statement,
      source: placesOf(places),
      check: checkOf(row),
      ...(row.editions === undefined ? {} : { editions: row.editions }),
      ...(row.ambiguity === undefined ? {} : { ambiguity: row.ambiguity }),
    });
  return { must: write('MUST'), should: write('SHOULD'), info: write('INFO') };
}

function checkOf(row: Row): Check {
  if ('unchecked' in row) return { kind: 'none', reason: row.unchecked };
  return { kind: 'invariant', witness: row.witness, unseen: row.unseen ?? 'not-exercised' };
}

/** A function that writes topics of observations about these dialects. */
export function topicsOf(...dialects: readonly Dialect[]) {
  return <const Id extends string>(id: Id, places: string, statement: string): ObservationTopic<Id> => ({
    id,
    dialects,
    statement,
    source: placesOf(places),
  });
}

/** A run against a server provokes the witness, but a client need not do so. */
export const CLIENT_MAY_NOT: Readonly<Record<'server' | 'client', Unseen>> = {
  server: 'not-exercised',
  client: 'not-applicable',
};
