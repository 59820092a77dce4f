import { vendorOf, type SocketDialect } from '../../protocol/dialects.ts';
import { opensWith, type EditionNames } from '../../protocol/editions.ts';

/** A client that gives up because of a message does so within this time. */
const AT_ONCE_MS = 1000;

/**
 * What to note if a client has left without sending audio, this many milliseconds of scenario time after `loading`.
 * Undefined for nothing.
 */
export function leftEarly(
  dialect: SocketDialect,
  editions: EditionNames,
  sinceLoadingMs: number,
): string | undefined {
  const service = vendorOf(dialect);
  if (sinceLoadingMs > AT_ONCE_MS || opensWith(service, editions) !== 'loading') return undefined;
  return (
    `The client left right after "loading", which the edition ${editions[service]} sends before "listening". ` +
    `Clients made after the vendor's published programs give up on it: --edition ${service}=examples sends "listening" first, ` +
    `and so does ?edition=examples for one connection`
  );
}
