import { PATHS } from '../../../protocol/reson8-turns/handshake.ts';
import { broken, held, heldIf, type Invariant } from '../../judge/invariant.ts';
import { shown } from '../../text/shown.ts';
import { isAtPath } from '../shared/at-path.ts';
import { NOT_SERVED } from '../shared/not-served.ts';
import { isInOrder } from './parameters.ts';
import { perTurns } from './turns.ts';

/** Where a client connects, and whether anything is there. That it is over TLS does not show in a trace. */
export const connecting: readonly Invariant[] = [
  perTurns('R8-TURN-001', function* ({ request, response, path, query, context }) {
    if (request === undefined) return;
    const isDocumented = isAtPath(path, PATHS.turns);
    const expected = `the path ${PATHS.turns}`;
    yield {
      ...heldIf(isDocumented, [request.index], expected, () => `the path ${shown(path)}`),
      by: 'client',
    };
    if (!isDocumented || response === undefined) return;
    const events = [request.index, response.index];
    const { status } = response.event;
    if (status === 101) yield { ...held(...events), by: 'server' };
    // A client that must be refused may get this answer, which is judged as a refusal.
    else if (context.credential === 'missing' || context.credential === 'invalid') return;
    else if (isInOrder(query) && NOT_SERVED.includes(status)) {
      yield { ...broken(events, `${expected} to be served`, `HTTP ${status}`), by: 'server' };
    }
  }),
];
