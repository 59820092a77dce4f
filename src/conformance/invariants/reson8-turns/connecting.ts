import { PATHS } from '../../../protocol/reson8-turns/handshake.ts';
import type { Invariant } from '../../judge/invariant.ts';
import { documentedPath } from '../reson8/opening/documented-path.ts';
import { isInOrder } from './parameters.ts';
import { perTurns } from './turns.ts';

/** Where a client connects, and whether the socket exists there. */
export const connecting: readonly Invariant[] = [
  perTurns('R8-TURN-001', (turns) => documentedPath(turns, PATHS.turns, !isInOrder(turns.query))),
];
