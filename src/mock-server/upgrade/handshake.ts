import type { Duplex } from 'node:stream';
import type { Clock } from '../../runtime/clock.ts';
import { codeOf } from '../../runtime/errors.ts';
import type { PlainHandshake } from '../../scenario/compile/compile.ts';
import { endTcp } from '../../wire/tcp.ts';
import type { Peer } from '../../wire/trace.ts';
import type { HttpAnswer } from '../dialects/dialect.ts';

/** How an upgrade ended without an answer, and which side ended it. */
export interface Unanswered {
  readonly by: Peer;
  readonly how: 'fin' | 'reset';
}

/** What becomes of an upgrade: exactly one of these is called, and only once. */
export interface Outcomes {
  /** `early` is what the client sent before the answer. */
  readonly open: (early: Buffer) => void;
  readonly answer: (answer: HttpAnswer) => void;
  readonly end: (how: Unanswered) => void;
}

/** Connections whose upgrade a scenario controls. When the server stops, only `endAll` ends them. */
export interface Handshakes {
  readonly size: number;
  /** Applies a scenario to an upgrade: holds it, ends TCP, answers, or calls `open`, immediately or later. */
  take(handshake: PlainHandshake, duplex: Duplex, then: Outcomes): void;
  /** Ends the connections that are held. */
  endAll(): void;
}

/** A client that sends more than this before its upgrade is answered is not read until then. */
const MOST_EARLY_BYTES = 65_536;

/** Whether a connection waits for its answer, and so counts as open. */
export function isHeld(handshake: PlainHandshake): boolean {
  return handshake.kind === 'hang' || ('afterMs' in handshake && handshake.afterMs > 0);
}

/** No handshakes yet. @param clock scenario time */
export function holdHandshakes(clock: Clock): Handshakes {
  const held = new Map<Duplex, (how: Unanswered) => void>();
  /** Keeps the connection unanswered until the time has come, and notices if the client leaves. */
  const hold = (
    duplex: Duplex,
    afterMs: number | undefined,
    end: (how: Unanswered) => void,
    then: (early: Buffer) => void,
  ) => {
    const early: Buffer[] = [];
    let earlyByteCount = 0;
    // Without reading, the end of the connection would go unnoticed.
    const hear = (bytes: Buffer) => {
      early.push(bytes);
      earlyByteCount += bytes.length;
      if (earlyByteCount > MOST_EARLY_BYTES) duplex.pause();
    };
    const leave = () => duplex.destroy();
    const forget = () => {
      held.delete(duplex);
      duplex.off('close', gone).off('data', hear).off('end', leave);
    };
    const gone = () => over({ by: 'client', how: codeOf(duplex.errored) === 'ECONNRESET' ? 'reset' : 'fin' });
    const over = (how: Unanswered) => {
      cancel?.();
      forget();
      end(how);
    };
    const answer = () => {
      if (held.get(duplex) !== over) return;
      if (duplex.destroyed) return gone();
      forget();
      duplex.resume();
      then(Buffer.concat(early));
    };
    const cancel = afterMs === undefined ? undefined : clock.at(clock.now() + afterMs, answer);
    held.set(duplex, over);
    duplex.on('close', gone).on('data', hear).on('end', leave);
  };
  return {
    get size() {
      return held.size;
    },
    take(handshake, duplex, { open, answer, end }) {
      switch (handshake.kind) {
        case 'hang':
          return hold(duplex, undefined, end, () => undefined);
        case 'drop':
          endTcp(duplex, 'fin');
          return end({ by: 'server', how: 'fin' });
        case 'reset':
        case 'unreachable':
          endTcp(duplex, 'reset');
          return end({ by: 'server', how: 'reset' });
        case 'answer': {
          const { status, headers, body, afterMs } = handshake;
          const say = () => answer({ status, headers, body });
          return afterMs === 0 ? say() : hold(duplex, afterMs, end, say);
        }
        case 'open':
          return handshake.afterMs === 0 ? open(Buffer.alloc(0)) : hold(duplex, handshake.afterMs, end, open);
      }
    },
    endAll() {
      for (const [duplex, over] of held) {
        over({ by: 'server', how: 'fin' });
        duplex.destroy();
      }
    },
  };
}
