import type { Duplex } from 'node:stream';
import type { Clock } from '../runtime/clock.ts';
import type { Handshake } from '../scenario/compile.ts';
import { endTcp } from '../wire/tcp.ts';
import type { HttpAnswer } from './dialect.ts';

/** Connections whose upgrade a scenario has taken over; they have to be ended when the server stops. */
export interface Handshakes {
  readonly size: number;
  /**
   * Does to an upgrade what a scenario says: nothing, the end of TCP, an answer, or `open`, which comes later. What is
   * not open after it never will be.
   */
  take(
    handshake: Handshake,
    duplex: Duplex,
    then: { readonly open: () => void; readonly answer: (answer: HttpAnswer) => void },
  ): void;
  stop(): void;
}

export function holdHandshakes(clock: Clock): Handshakes {
  const held = new Map<Duplex, () => void>();
  const forget = (duplex: Duplex) => {
    held.get(duplex)?.();
    held.delete(duplex);
  };
  /** Waits with the connection as it is; a client that goes away is noticed. */
  const hold = (duplex: Duplex, afterMs: number | undefined, then: () => void) => {
    const cancel =
      afterMs === undefined
        ? () => undefined
        : clock.at(clock.now() + afterMs, () => {
            held.delete(duplex);
            duplex.off('close', gone);
            if (!duplex.destroyed) then();
          });
    const gone = () => forget(duplex);
    held.set(duplex, cancel);
    duplex.once('close', gone);
  };
  return {
    get size() {
      return held.size;
    },
    take(handshake, duplex, { open, answer }) {
      switch (handshake.kind) {
        case 'hang':
          // Read, or the end of the connection would not be noticed.
          duplex.resume().once('end', () => duplex.destroy());
          return hold(duplex, undefined, () => undefined);
        case 'drop':
          return endTcp(duplex, 'fin');
        case 'reset':
        case 'unreachable':
          return endTcp(duplex, 'reset');
        case 'answer': {
          const { status, headers, body, afterMs } = handshake;
          const say = () => answer({ status, headers, body });
          return afterMs === 0 ? say() : hold(duplex, afterMs, say);
        }
        case 'open':
          return handshake.afterMs === 0 ? open() : hold(duplex, handshake.afterMs, open);
      }
    },
    stop() {
      for (const duplex of held.keys()) {
        forget(duplex);
        duplex.destroy();
      }
    },
  };
}
