import type { Duplex } from 'node:stream';
import { atEndOfTurn } from '../../runtime/turn.ts';
import type { UpgradeHandler } from '../../wire/upgrades.ts';

/** Upgrades that are dealt with before everything else that has arrived gets its turn. */
const MOST_IN_A_TURN = 16;
/** Beyond this number they are dealt with at once, so that the network slows down a client that floods the server. */
const MOST_WAITING = 1000;

/**
 * Deals with only a few upgrades per turn of the event loop. All that have arrived since the last turn are there at
 * once, and each takes much longer than any other request, so a call of the control API would wait for hundreds of
 * them.
 */
export function inTurns(onUpgrade: UpgradeHandler): UpgradeHandler {
  let waiting: Parameters<UpgradeHandler>[] = [];
  let done = 0;
  const beginTurn = () => {
    done = 0;
    const own = waiting.slice(0, MOST_IN_A_TURN);
    waiting = waiting.slice(MOST_IN_A_TURN);
    for (const [request, duplex, head] of own) {
      duplex.off('error', destroy);
      take(request, duplex, head);
    }
  };
  const take: UpgradeHandler = (request, duplex, head) => {
    if (done === 0) atEndOfTurn(beginTurn);
    done += 1;
    onUpgrade(request, duplex, head);
  };
  return (request, duplex, head) => {
    const isTurn = done < MOST_IN_A_TURN && waiting.length === 0;
    if (isTurn || waiting.length >= MOST_WAITING) return take(request, duplex, head);
    waiting.push([request, duplex, head]);
    duplex.on('error', destroy);
  };
}

/** A client may reset the connection meanwhile; without a listener this would end the process. */
function destroy(this: Duplex): void {
  this.destroy();
}
