import { expect, test as base, type MatcherState, type TestAPI } from 'vitest';
import type { Session } from './mock-server/live-session.ts';
import type { MockServerOptions } from './mock-server/options.ts';
import { startMockServer, type MockServer } from './mock-server/server.ts';
import { realClock } from './runtime/clock.ts';
import { traceLines } from './wire/trace-lines.ts';
import type { Peer } from './wire/trace.ts';

/** What a test gets. */
export interface FakeFixtures {
  /** The options of the fake; `test.override({ fakeOptions: { … } })` changes them for a `describe`. */
  readonly fakeOptions: MockServerOptions;
  /** A fake on a free port. It is stopped when the test is over. */
  readonly fake: MockServer;
}

/** vitest's `test` with a `fake` of its own for each test that asks for it. */
export const test: TestAPI<FakeFixtures> = fakeTest();

/** The same with other options. */
export function fakeTest(options: MockServerOptions = {}): TestAPI<FakeFixtures> {
  return base.extend<FakeFixtures>({
    // vitest reads from the pattern which fixtures it needs: none.
    fakeOptions: async ({}, use) => use(options),
    fake: async ({ fakeOptions }, use) => {
      const fake = await startMockServer(fakeOptions);
      try {
        await use(fake);
      } finally {
        await fake.stop();
      }
    },
  });
}

export interface WaitOptions {
  /** Real milliseconds to wait for it (5000; with `.not` 0: it has not happened so far). */
  readonly timeoutMs?: number;
}

/** What can be expected of a session. All of them wait, so they are awaited. */
export interface SessionMatchers {
  toHaveReceivedStart(options?: WaitOptions): Promise<void>;
  toHaveReceivedStop(options?: WaitOptions): Promise<void>;
  /** So many milliseconds of audio, or any. */
  toHaveReceivedAudio(options?: WaitOptions & { readonly ms?: number }): Promise<void>;
  /** A flush, with this id if one is given; `null` is a flush without one. */
  toHaveReceivedFlush(id?: string | null, options?: WaitOptions): Promise<void>;
  /** The connection has ended, and this is the code that the server saw (1006 without a Close frame). */
  toHaveClosedWith(code: number, options?: WaitOptions): Promise<void>;
  /** A text message of the client: exactly this text, or JSON with at least these fields. */
  toHaveReceivedFrame(frame: string | object, options?: WaitOptions): Promise<void>;
  /** A text message of the server, in the same way. */
  toHaveSent(frame: string | object, options?: WaitOptions): Promise<void>;
}

declare module 'vitest' {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars, @typescript-eslint/no-empty-object-type -- merged
  interface Matchers<T> extends SessionMatchers {}
}

const TIMEOUT_MS = 5000;
const LOOK_EVERY_MS = 5;
/** Events that a failure shows. */
const TAIL = 20;

/** What a session is waited for, and how it is said. */
interface Wanted {
  readonly what: string;
  readonly isThere: (session: Session) => boolean;
}

/** Real time, whatever clock the fake has. */
const wall = realClock();

expect.extend({
  toHaveReceivedStart(session: unknown, options: WaitOptions = {}) {
    const isThere = (open: Session) => open.count('start') > 0;
    return judge(this, session, { what: 'have received start', isThere }, options);
  },
  toHaveReceivedStop(session: unknown, options: WaitOptions = {}) {
    const isThere = (open: Session) => open.count('stop') > 0;
    return judge(this, session, { what: 'have received stop', isThere }, options);
  },
  toHaveReceivedAudio(session: unknown, options: WaitOptions & { readonly ms?: number } = {}) {
    const { ms } = options;
    const what = ms === undefined ? 'have received audio' : `have received ${ms} ms of audio`;
    const isThere = (open: Session) =>
      ms === undefined ? open.audioMs > 0 || open.count('audio') > 0 : open.audioMs >= ms;
    return judge(this, session, { what, isThere }, options);
  },
  toHaveReceivedFlush(session: unknown, id?: string | null, options: WaitOptions = {}) {
    const what = id === undefined ? 'have received a flush' : `have received the flush ${JSON.stringify(id)}`;
    const isThere = (open: Session) =>
      id === undefined ? open.count('flush') > 0 : messagesOf(open, 'client').some(isFlush(id));
    return judge(this, session, { what, isThere }, options);
  },
  toHaveClosedWith(session: unknown, code: number, options: WaitOptions = {}) {
    const isThere = ({ closeCode }: Session) => closeCode === code;
    return judge(this, session, { what: `have closed with ${code}`, isThere }, options);
  },
  toHaveReceivedFrame(session: unknown, frame: string | object, options: WaitOptions = {}) {
    const isThere = (open: Session) => messagesOf(open, 'client').some(isLike(this, frame));
    return judge(this, session, { what: `have received ${said(this, frame)}`, isThere }, options);
  },
  toHaveSent(session: unknown, frame: string | object, options: WaitOptions = {}) {
    const isThere = (open: Session) => messagesOf(open, 'server').some(isLike(this, frame));
    return judge(this, session, { what: `have sent ${said(this, frame)}`, isThere }, options);
  },
});

/** An expected frame on one line. */
function said({ utils }: MatcherState, frame: string | object): string {
  return utils.stringify(frame).replace(/\n */g, ' ');
}

async function judge(
  { isNot }: MatcherState,
  session: unknown,
  { what, isThere }: Wanted,
  { timeoutMs = isNot ? 0 : TIMEOUT_MS }: WaitOptions,
): Promise<{ pass: boolean; message: () => string }> {
  if (!isSession(session))
    throw new TypeError('expected a session of the fake, such as `await fake.nextSession()`');
  const untilMs = wall.now() + timeoutMs;
  // What has ended does not change any more.
  while (!isThere(session) && session.isOpen && wall.now() < untilMs) {
    await new Promise<void>((resolve) => wall.at(wall.now() + LOOK_EVERY_MS, resolve));
  }
  const pass = isThere(session);
  const state = session.isOpen ? `${timeoutMs} ms` : `its end (${session.closeCode ?? 0})`;
  return {
    pass,
    message: () => {
      const failure = `expected session ${session.id} ${pass ? 'not ' : ''}to ${what}`;
      const waited = pass ? '' : `, waited until ${state}`;
      const events = session.trace();
      const earlier = events.length > TAIL ? ` (${events.length - TAIL} events before)` : '';
      return `${failure}${waited}\n\nIts trace${earlier}:\n${traceLines(events.slice(-TAIL))}`;
    },
  };
}

function isSession(value: unknown): value is Session {
  return typeof value === 'object' && value !== null && 'trace' in value && 'received' in value;
}

function messagesOf(session: Session, from: Peer): readonly string[] {
  return session.trace().flatMap((event) => (event.kind === 'text' && event.from === from ? event.text : []));
}

function isLike({ equals, utils }: MatcherState, frame: string | object): (text: string) => boolean {
  if (typeof frame === 'string') return (text) => text === frame;
  return (text) => equals(jsonOf(text), frame, [utils.iterableEquality, utils.subsetEquality]);
}

function isFlush(id: string | null): (text: string) => boolean {
  return (text) => {
    const message = jsonOf(text);
    if (typeof message !== 'object' || message === null || !('type' in message)) return false;
    const given = 'id' in message ? message.id : null;
    return message.type === 'flush_request' && given === id;
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
