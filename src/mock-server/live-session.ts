import type { AbortHow, Socket } from '../wire/socket.ts';
import type { Life } from '../scenario/happy-path.ts';
import type { ClientInput } from './session.ts';

/** What a client did, as a test waits for it. */
export type Happening = ClientInput['kind'] | 'close';

/** One connection of a client, seen from the server. */
export interface Session {
  /** `s1`, `s2`, … in the order of their connections. */
  readonly id: string;
  readonly life: Life;
  /** What the client asked for in the `language` parameter. */
  readonly language: string | undefined;
  readonly isOpen: boolean;
  /** Milliseconds of audio heard. */
  readonly audioMs: number;
  /** Result messages that were due so far, partial and final, whether or not the client wants partials. */
  readonly results: number;
  /** The close code that the server saw when the connection ended: 1005 without a code, 1006 without a Close frame. */
  readonly closeCode: number | undefined;
  /**
   * Resolves when the client has done something `count` times (default 1), at once if it has already.
   * Rejects when the connection ends first, or after `timeoutMs` of real time (default 5000).
   */
  received(
    what: Happening,
    options?: { readonly count?: number; readonly timeoutMs?: number },
  ): Promise<void>;
  /** How often the client has done something. Audio is counted in messages. */
  count(what: Happening): number;
  /** Sends a message outside the script: bytes as they are, a string as text, anything else as JSON. */
  send(message: unknown): void;
  /** Starts the closing handshake. */
  close(code?: number, reason?: string): void;
  /** Ends the TCP connection without a Close frame, or stops answering and leaves it open. */
  abort(how: AbortHow): void;
}

/** The end of a session that its server holds. */
export interface LiveSession {
  readonly session: Session;
  /** The client did something. */
  happened(what: Happening): void;
  countResult(): void;
  /** The connection is gone. */
  ended(closeCode: number): void;
}

interface Waiting {
  readonly what: Happening;
  readonly count: number;
  readonly settle: (error?: Error) => void;
}

/** Waits for real time: a test that waits for its client must not hang on a clock that stands still. */
export type RealTimer = (afterMs: number, callback: () => void) => () => void;

export function liveSession(
  about: Pick<Session, 'id' | 'life' | 'language'>,
  socket: Socket,
  audioMs: () => number,
  timer: RealTimer,
): LiveSession {
  const counts: Partial<Record<Happening, number>> = {};
  const count = (what: Happening) => counts[what] ?? 0;
  let waiting: readonly Waiting[] = [];
  let closeCode: number | undefined;
  let results = 0;

  const seen = () =>
    Object.entries(counts)
      .map(([what, times]) => `${what} ${times}`)
      .join(', ') || 'nothing';
  const session: Session = {
    ...about,
    get isOpen() {
      return closeCode === undefined;
    },
    get audioMs() {
      return audioMs();
    },
    get results() {
      return results;
    },
    get closeCode() {
      return closeCode;
    },
    count,
    received(what, { count: wanted = 1, timeoutMs = 5000 } = {}) {
      const missing = (why: string) =>
        new Error(`Session ${about.id} did not receive ${what} ${wanted}x ${why}; it received: ${seen()}`);
      if (count(what) >= wanted) return Promise.resolve();
      if (closeCode !== undefined) return Promise.reject(missing(`before it ended with ${closeCode}`));
      return new Promise((resolve, reject) => {
        const entry: Waiting = {
          what,
          count: wanted,
          settle(error) {
            cancel();
            waiting = waiting.filter((other) => other !== entry);
            if (error === undefined) resolve();
            else reject(error);
          },
        };
        const cancel = timer(timeoutMs, () => entry.settle(missing(`within ${timeoutMs} ms`)));
        waiting = [...waiting, entry];
      });
    },
    send(message) {
      if (message instanceof Uint8Array) socket.send({ kind: 'binary', bytes: message });
      else
        socket.send({ kind: 'text', text: typeof message === 'string' ? message : JSON.stringify(message) });
    },
    close: (code = 1000, reason) => socket.close(code, reason),
    abort: (how) => socket.abort(how),
  };
  const happened = (what: Happening) => {
    counts[what] = count(what) + 1;
    for (const entry of waiting) if (entry.what === what && count(what) >= entry.count) entry.settle();
  };
  return {
    session,
    happened,
    countResult: () => void (results += 1),
    ended(code) {
      closeCode = code;
      happened('close');
      for (const entry of waiting) {
        entry.settle(
          new Error(
            `Session ${about.id} ended with ${code} before it received ${entry.what}; it received: ${seen()}`,
          ),
        );
      }
    },
  };
}
