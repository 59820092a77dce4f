import type { MatcherState } from 'vitest';
import type { UserError } from '../runtime/errors.ts';
import { sleep } from '../runtime/wait.ts';
import { mistakeInWait } from '../mock-server/session/wait-options.ts';
import type { Session } from '../mock-server/open-session.ts';
import type { MockServer } from '../mock-server/mock-server.ts';
import { traceLines } from '../wire/trace-lines.ts';
import { mustBeAwaited, type Expectation, type TestInProgress } from './awaited.ts';
import { patienceMs, wall, type TimedTest } from './patience.ts';
import {
  audio,
  flush,
  message,
  mistakeInAmount,
  mistakeInRefusal,
  refused,
  type AudioAmount,
  type RefusalLike,
  type Wanted,
} from './wanted.ts';

/** How long a matcher waits. */
export interface WaitOptions {
  /**
   * Real milliseconds to wait (5000, or less if the test has less time left; with `.not` 0, which means "not so far").
   */
  readonly timeoutMs?: number;
}

/** What can be expected of a session, or of the fake. All matchers wait, so they must be awaited. */
export interface SessionMatchers {
  /** The start command of Scriptix. */
  toHaveReceivedStart(options?: WaitOptions): Promise<void>;
  /** The stop command of Scriptix. */
  toHaveReceivedStop(options?: WaitOptions): Promise<void>;
  /** Any audio, or at least, at most or exactly this many milliseconds. */
  toHaveReceivedAudio(options?: WaitOptions & AudioAmount): Promise<void>;
  /** A flush, with this id if one is given; `null` is a flush without one. */
  toHaveReceivedFlush(id?: string | null, options?: WaitOptions): Promise<void>;
  /** The connection has ended, and the server saw this code (1006 without a Close frame). */
  toHaveClosedWith(code: number, options?: WaitOptions): Promise<void>;
  /** A text message of the client: exactly this text, or JSON with at least these fields. */
  toHaveReceivedFrame(frame: string | object, options?: WaitOptions): Promise<void>;
  /** A text message of the server, in the same way. */
  toHaveSent(frame: string | object, options?: WaitOptions): Promise<void>;
  /** For the fake itself: it has refused an upgrade, with at least these fields. */
  toHaveRefused(refusal?: RefusalLike, options?: WaitOptions): Promise<void>;
}

const LOOK_EVERY_MS = 5;
/** The number of events that a failure shows. */
const TAIL = 20;

type Verdict = { readonly pass: boolean; readonly message: () => string };
type State = MatcherState & { readonly task?: (TimedTest & TestInProgress) | undefined };

/** For `expect.extend()`. */
export const MATCHERS = {
  toHaveReceivedStart(this: State, session: unknown, options?: WaitOptions) {
    const isThere = (open: Session) => open.count('start') > 0;
    return ofSession(this, session, 'toHaveReceivedStart', { what: 'have received start', isThere }, options);
  },
  toHaveReceivedStop(this: State, session: unknown, options?: WaitOptions) {
    const isThere = (open: Session) => open.count('stop') > 0;
    return ofSession(this, session, 'toHaveReceivedStop', { what: 'have received stop', isThere }, options);
  },
  toHaveReceivedAudio(this: State, session: unknown, options: WaitOptions & AudioAmount = {}) {
    return ofSession(this, session, 'toHaveReceivedAudio', audio(options), options, mistakeInAmount);
  },
  toHaveReceivedFlush(this: State, session: unknown, id?: string | null, options?: WaitOptions) {
    return ofSession(this, session, 'toHaveReceivedFlush', flush(id), options);
  },
  toHaveClosedWith(this: State, session: unknown, code: number, options?: WaitOptions) {
    const isThere = ({ closeCode }: Session) => closeCode === code;
    return ofSession(
      this,
      session,
      'toHaveClosedWith',
      { what: `have closed with ${code}`, isThere },
      options,
    );
  },
  toHaveReceivedFrame(this: State, session: unknown, frame: string | object, options?: WaitOptions) {
    return ofSession(this, session, 'toHaveReceivedFrame', message(this, 'client', frame), options);
  },
  toHaveSent(this: State, session: unknown, frame: string | object, options?: WaitOptions) {
    return ofSession(this, session, 'toHaveSent', message(this, 'server', frame), options);
  },
  toHaveRefused(this: State, fake: unknown, refusal: RefusalLike = {}, options: WaitOptions = {}) {
    const command = 'toHaveRefused()';
    const mistake = mistakeInRefusal(command, refusal) ?? mistakeInTime(command, options);
    const verdict = judgeFake(this, fake, refusal, options, mistake);
    return mustBeAwaited(expectation(this, 'fake', 'toHaveRefused'), verdict);
  },
};

function mistakeInTime(command: string, given: unknown): UserError | undefined {
  return mistakeInWait(command, given, ['timeoutMs']);
}

function ofSession(
  state: State,
  session: unknown,
  name: string,
  wanted: Wanted<Session>,
  options: WaitOptions = {},
  mistakeIn = mistakeInTime,
): PromiseLike<Verdict> {
  const verdict = judgeSession(state, session, wanted, options, mistakeIn(`${name}()`, options));
  return mustBeAwaited(expectation(state, 'session', name), verdict);
}

async function judgeSession(
  state: State,
  session: unknown,
  wanted: Wanted<Session>,
  options: WaitOptions,
  mistake: UserError | undefined,
): Promise<Verdict> {
  if (mistake !== undefined) throw mistake;
  if (!isSession(session))
    throw new TypeError('expected a session of the fake, such as `await fake.nextSession()`');
  // A session that has ended no longer changes.
  const isDone = (open: Session) => !open.isOpen || (wanted.isUntilDone === true && open.count('stop') > 0);
  const { pass, failure } = await waitFor(state, session, wanted, isDone, options);
  const message = () => {
    const events = session.trace();
    const earlier = events.length > TAIL ? ` (${events.length - TAIL} events before)` : '';
    const end = pass || session.closeCode === undefined ? '' : `; it ended with ${session.closeCode}`;
    return `expected session ${session.id} ${failure}${end}\n\nIts trace${earlier}:\n${traceLines(events.slice(-TAIL))}`;
  };
  return { pass, message };
}

async function judgeFake(
  state: State,
  fake: unknown,
  refusal: RefusalLike,
  options: WaitOptions,
  mistake: UserError | undefined,
): Promise<Verdict> {
  if (mistake !== undefined) throw mistake;
  if (!isFake(fake)) throw new TypeError('expected the fake itself, such as `expect(fake).toHaveRefused()`');
  const { pass, failure } = await waitFor(state, fake, refused(state, refusal), () => false, options);
  return { pass, message: () => `expected the fake ${failure}\n\nRefused so far: ${refusalsOf(fake)}` };
}

/** Waits until the expectation is met for good, until it cannot be met any more, or until the time limit. */
async function waitFor<Of>(
  state: State,
  of: Of,
  { what, isThere, isOver = () => false, isUntilDone = false }: Wanted<Of>,
  isDone: (of: Of) => boolean,
  { timeoutMs }: WaitOptions,
): Promise<{ readonly pass: boolean; readonly failure: string }> {
  const limitMs = patienceMs(state.task, timeoutMs ?? (state.isNot ? 0 : undefined));
  const beganMs = wall.now();
  const isDecided = () => isDone(of) || isOver(of) || (isThere(of) && !isUntilDone);
  while (!isDecided() && wall.now() < beganMs + limitMs) {
    await sleep(wall, LOOK_EVERY_MS);
  }
  const pass = isThere(of);
  const waited = pass || isDecided() ? '' : `, waited ${Math.round(limitMs)} ms`;
  return { pass, failure: `${pass ? 'not ' : ''}to ${what}${waited}` };
}

function expectation({ task, isNot, soft = false }: State, of: string, matcher: string): Expectation {
  const said = `expect${soft ? '.soft' : ''}(${of})${isNot ? '.not' : ''}.${matcher}()`;
  return { test: task, said, isSoft: soft };
}

function refusalsOf({ refusals }: Pick<MockServer, 'refusals'>): string {
  const lines = refusals
    .slice(-TAIL)
    .map(({ status, method, path, body }) => `\n  ${status} for ${method} ${path}: ${JSON.stringify(body)}`);
  return lines.join('') || 'nothing';
}

function isSession(value: unknown): value is Session {
  return typeof value === 'object' && value !== null && 'trace' in value && 'received' in value;
}

function isFake(value: unknown): value is Pick<MockServer, 'refusals'> {
  return typeof value === 'object' && value !== null && 'refusals' in value;
}
