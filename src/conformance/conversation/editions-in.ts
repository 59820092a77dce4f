import { vendorOf, type Dialect } from '../../protocol/dialects.ts';
import { DEFAULT_EDITIONS, editionsOf, withEdition, type EditionNames } from '../../protocol/editions.ts';
import type { TraceContext } from '../../wire/trace.ts';

/** The editions that a trace names for a conversation; `documents` if it names none, or one that is unknown here. */
export function editionsIn(
  dialect: Dialect | undefined,
  { edition }: Pick<TraceContext, 'edition'>,
): EditionNames {
  if (dialect === undefined || edition === undefined) return DEFAULT_EDITIONS;
  return withEdition(DEFAULT_EDITIONS, vendorOf(dialect), edition) ?? DEFAULT_EDITIONS;
}

/** What a trace says about the edition of a conversation; nothing if that is `documents`. */
export function editionOf(dialect: Dialect, editions: EditionNames): Pick<TraceContext, 'edition'> {
  const service = vendorOf(dialect);
  const edition = editions[service];
  return edition === editionsOf(service)[0] ? {} : { edition };
}
