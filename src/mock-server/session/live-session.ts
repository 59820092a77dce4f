import type { Opening } from '../dialects/dialect.ts';
import { DIALECTS, type Life } from '../../protocol/dialects.ts';
import type { Clock } from '../../runtime/clock.ts';
import { numberShown } from '../../runtime/json/given.ts';
import { misfit, mustFit, oneOf, type Wanted } from '../../runtime/json/wanted.ts';
import { HAPPENINGS, type Happening, type ReceivedOptions, type Session } from '../open-session.ts';
import { CLOSE_CODES, isCloseCode, LONGEST_REASON_BYTES } from '../../wire/encode.ts';
import { jsonFrame, type Frame } from '../../wire/frame.ts';
import { ABORTS, type AbortHow, type Socket } from '../../wire/socket.ts';
import type { TraceEvent } from '../../wire/trace.ts';
import { Hold, type HeldMessage } from './held.ts';
import type { SessionLog } from '../journal/session-log.ts';
import { mistakeInWait } from './wait-options.ts';

interface Waiting {
  readonly what: Happening;
  readonly count: number;
  readonly settle: (error?: Error) => void;
}

/** The connection under a session, while there is one. */
export interface Line {
  readonly socket: Socket;
  /** Milliseconds of audio that has arrived. */
  readonly audioMs: number;
  /** Whether something can be sent on it. */
  readonly isWritable: boolean;
}

/** More concurrent waits than this on one session are refused; no test needs that many. */
const MOST_WAITS = 1000;

/** The server's side of a session. A class, so that thousands of sessions share one set of methods. */
export class LiveSession implements Session {
  readonly id: string;
  readonly life: Life;
  readonly edition: string;
  readonly language: string | undefined;
  readonly scenario: string | undefined;
  closeCode: number | undefined;
  results = 0;
  readonly #token: string | undefined;
  readonly #log: SessionLog;
  /** Real time: a test that waits for its client must not hang on a clock that stands still. */
  readonly #wall: Clock;
  readonly #waitMs: () => number;
  /** Removed when the connection ends, so that remembering a session does not keep everything behind it. */
  #line: Line | undefined;
  #endedAudioMs = 0;
  /** Made only for sessions whose messages are held. */
  holding: Hold | undefined;
  readonly #counts = new Counts();
  #waiting: readonly Waiting[] = NOBODY;

  constructor(
    about: Pick<Opening, 'dialect' | 'language'> &
      Pick<Session, 'edition' | 'scenario'> & { readonly token: string | undefined },
    log: SessionLog,
    line: Line,
    wall: Clock,
    waitMs: () => number,
  ) {
    this.id = log.id;
    this.life = DIALECTS[about.dialect].life;
    this.edition = about.edition;
    this.language = about.language;
    this.scenario = about.scenario;
    this.#token = about.token;
    this.#log = log;
    this.#line = line;
    this.#wall = wall;
    this.#waitMs = waitMs;
  }

  get isOpen(): boolean {
    return this.closeCode === undefined;
  }

  get isWritable(): boolean {
    return this.#line?.isWritable ?? false;
  }

  get audioMs(): number {
    return this.#line?.audioMs ?? this.#endedAudioMs;
  }

  presented(token: string): boolean {
    return this.#token === token;
  }

  count(what: Happening): number {
    mustFit('count()', what, HAPPENING);
    return this.#counts[what];
  }

  trace(): readonly TraceEvent[] {
    return this.#log.events();
  }

  send(message: unknown): void {
    const frame = frameOf('send()', message);
    this.#line?.socket.send(frame);
  }

  get held(): readonly HeldMessage[] {
    return this.holding?.messages ?? [];
  }

  hold(): void {
    if (this.#line === undefined) return;
    this.holding ??= new Hold(this.#line.socket, (message) => this.#log.fact({ kind: 'note', message }));
    this.holding.start();
  }

  release(count?: number): number {
    return this.holding?.release(count) ?? 0;
  }

  replace(id: number, message: unknown): boolean {
    return this.holding?.replace(id, frameOf('replace()', message)) ?? false;
  }

  drop(id?: number): number {
    return this.holding?.drop(id) ?? 0;
  }

  close(code = 1000, reason?: string): void {
    mustFit('close()', code, CLOSE_CODE);
    if (reason !== undefined) mustFit('close()', reason, REASON);
    this.#line?.socket.close(code, reason);
  }

  abort(how: AbortHow): void {
    mustFit('abort()', how, ABORT);
    this.#line?.socket.abort(how);
  }

  received(what: Happening, given: ReceivedOptions = {}): Promise<void> {
    const mistake =
      misfit('received()', what, HAPPENING) ??
      mistakeInWait('received()', given, ['count', 'timeoutMs', 'signal']);
    if (mistake !== undefined) return Promise.reject(mistake);
    const { count = 1, timeoutMs = this.#waitMs(), signal } = given;
    const missing = (why: string) =>
      new Error(
        `Session ${this.id} did not receive ${what} ${count}x ${why}; it received: ${this.#counts.told()}`,
      );
    if (this.#counts[what] >= count) return Promise.resolve();
    if (this.closeCode !== undefined)
      return Promise.reject(missing(`before it ended with ${this.closeCode}`));
    if (this.#waiting.length >= MOST_WAITS)
      return Promise.reject(missing(`because ${MOST_WAITS} others are already waiting`));
    return new Promise((resolve, reject) => {
      const entry: Waiting = {
        what,
        count,
        settle: (error) => {
          cancel();
          signal?.removeEventListener('abort', giveUp);
          this.#waiting = this.#waiting.filter((other) => other !== entry);
          if (error === undefined) resolve();
          else reject(error);
        },
      };
      const giveUp = () => entry.settle(missing('before the wait was cancelled'));
      const cancel = this.#wall.at(this.#wall.now() + timeoutMs, () =>
        entry.settle(missing(`within ${Math.round(timeoutMs)} ms`)),
      );
      this.#waiting = [...this.#waiting, entry];
      signal?.addEventListener('abort', giveUp);
      if (signal?.aborted === true) giveUp();
    });
  }

  /** Records that the client did something. */
  happened(what: Happening): void {
    this.#counts[what] += 1;
    if (this.#waiting.length > 0) this.#settle(what);
  }

  /** Records that the connection has ended. */
  ended(code: number): void {
    this.#endedAudioMs = this.audioMs;
    this.holding = undefined;
    this.#line = undefined;
    this.closeCode = code;
    this.happened('close');
    for (const entry of this.#waiting) {
      const told = `ended with ${code} before it received ${entry.what}; it received: ${this.#counts.told()}`;
      entry.settle(new Error(`Session ${this.id} ${told}`));
    }
  }

  #settle(what: Happening): void {
    for (const entry of this.#waiting) {
      if (entry.what === what && this.#counts[what] >= entry.count) entry.settle();
    }
  }
}

/** Bytes unchanged, a string as text, anything else as JSON. @throws UserError if JSON cannot hold it */
function frameOf(command: string, message: unknown): Frame {
  if (message instanceof Uint8Array) return { kind: 'binary', bytes: message };
  if (typeof message === 'string') return { kind: 'text', text: message };
  mustFit(command, message, MESSAGE);
  return jsonFrame(message);
}

function isJson(value: unknown): boolean {
  try {
    const text: unknown = JSON.stringify(value);
    return text !== undefined;
  } catch {
    return false;
  }
}

const MESSAGE: Wanted = { what: 'bytes, a text or something that JSON can hold', fits: isJson };
const HAPPENING = oneOf(HAPPENINGS);
const ABORT = oneOf(ABORTS);
const CLOSE_CODE: Wanted = {
  what: `a code that can be sent, ${CLOSE_CODES}`,
  fits: (code) => typeof code === 'number' && isCloseCode(code),
  shown: numberShown,
};
const REASON: Wanted = {
  what: `a reason of at most ${LONGEST_REASON_BYTES} bytes`,
  fits: (reason) => typeof reason === 'string' && Buffer.byteLength(reason) <= LONGEST_REASON_BYTES,
};

const NOBODY: readonly Waiting[] = [];

/** How often each thing happened; things that never happened are not shown to a test. */
class Counts implements Record<Happening, number> {
  audio = 0;
  close = 0;
  flush = 0;
  frame = 0;
  start = 0;
  stop = 0;
  unreadable = 0;

  told(): string {
    const told = Object.entries(this)
      .filter(([what, times]) => times > 0 && what !== 'frame')
      .map(([what, times]) => `${what} ${times}`);
    return told.join(', ') || 'nothing';
  }
}
