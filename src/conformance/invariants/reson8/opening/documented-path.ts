import type { Conversation } from '../../../conversation/conversation.ts';
import { broken, held, heldIf, type Occasion } from '../../../judge/invariant.ts';
import { shown } from '../../../text/shown.ts';
import { isAtPath } from '../../shared/at-path.ts';
import { NOT_SERVED } from '../../shared/not-served.ts';

/**
 * Whether the client connects at the documented path, and whether the server serves it. TLS is not visible in a trace.
 *
 * @param mayBeRefused whether the query of this connection may be a reason to refuse it
 */
export function* documentedPath(
  { request, response, path, context }: Conversation,
  documented: string,
  mayBeRefused: boolean,
): Iterable<Occasion> {
  if (request === undefined) return;
  const isDocumented = isAtPath(path, documented);
  const expected = `the path ${documented}`;
  yield {
    ...heldIf(isDocumented, [request.index], expected, () => `the path ${shown(path)}`),
    by: 'client',
  };
  if (!isDocumented || response === undefined) return;
  const events = [request.index, response.index];
  const { status } = response.event;
  if (status === 101) yield { ...held(...events), by: 'server' };
  // A client that must be refused may get this answer, which is judged as a refusal.
  else if (context.credential === 'missing' || context.credential === 'invalid' || mayBeRefused) return;
  else if (NOT_SERVED.includes(status)) {
    yield { ...broken(events, `${expected} to be served`, `HTTP ${status}`), by: 'server' };
  }
}
