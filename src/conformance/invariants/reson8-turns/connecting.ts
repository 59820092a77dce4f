import { PATHS } from '../../../protocol/reson8-turns/handshake.ts';
import { heldIf, type Invariant } from '../../judge/invariant.ts';
import { shown } from '../../text/shown.ts';
import { isAtPath } from '../shared/at-path.ts';
import { perTurns } from './turns.ts';

/** Where a client connects. A trace does not show whether it used TLS. */
export const connecting: readonly Invariant[] = [
  perTurns('R8-TURN-001', function* ({ request, path }) {
    if (request === undefined) return;
    const expected = `the path ${PATHS.turns}`;
    yield heldIf(isAtPath(path, PATHS.turns), [request.index], expected, () => `the path ${shown(path)}`);
  }),
];
