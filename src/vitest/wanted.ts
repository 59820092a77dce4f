import { parseJson } from '../runtime/json/depth.ts';
import type { MatcherState } from 'vitest';
import { UserError } from '../runtime/errors.ts';
import { mistakeInWait } from '../mock-server/session/wait-options.ts';
import { unknownNames } from '../runtime/json/given.ts';
import type { Session } from '../mock-server/open-session.ts';
import type { Refusal } from '../mock-server/upgrade/refusal.ts';
import type { MockServer } from '../mock-server/mock-server.ts';
import type { Peer } from '../wire/trace.ts';

/** An expectation, and its wording. */
export interface Wanted<Of> {
  /** The words after "expected it to". */
  readonly what: string;
  readonly isThere: (of: Of) => boolean;
  /** Whether it can no longer be met. */
  readonly isOver?: (of: Of) => boolean;
  /** It holds only if nothing changes it until the session has ended, as with "at most". */
  readonly isUntilDone?: boolean;
}

/** An amount of audio, in milliseconds, counted in whole windows of 20 ms; any amount by default. */
export interface AudioAmount {
  /** The same as `atLeastMs`. */
  readonly ms?: number;
  /** At least this many milliseconds. */
  readonly atLeastMs?: number;
  /**
   * At most this many; judged when the client has sent stop, when the connection has ended, or when the wait is over.
   */
  readonly atMostMs?: number;
  /** Exactly this many, judged like `atMostMs`. */
  readonly exactlyMs?: number;
}

const WINDOW_MS = 20;

/** What is wrong with the options of a wait for audio: the options themselves, or that they exclude each other. */
export function mistakeInAmount(command: string, given: unknown): UserError | undefined {
  const keys = ['timeoutMs', 'ms', 'atLeastMs', 'atMostMs', 'exactlyMs'];
  const mistake = mistakeInWait(command, given, keys);
  if (mistake !== undefined) return mistake;
  const { ms, atLeastMs, atMostMs, exactlyMs } = given as AudioAmount;
  const others = [ms, atLeastMs, atMostMs].some((each) => each !== undefined);
  if (exactlyMs !== undefined && others)
    return new UserError('exactlyMs: expected no other amount beside it', { command });
  if (ms !== undefined && atLeastMs !== undefined)
    return new UserError('expected ms or atLeastMs, which mean the same', { command });
  const least = atLeastMs ?? ms;
  if (least !== undefined && atMostMs !== undefined && least > atMostMs)
    return new UserError(`atMostMs: expected at least the ${least} ms of the other limit, got ${atMostMs}`, {
      command,
    });
  return undefined;
}

/** Expects an amount of audio. */
export function audio({ ms, atLeastMs = ms, atMostMs, exactlyMs }: AudioAmount): Wanted<Session> {
  if (exactlyMs !== undefined) {
    const windowsMs = Math.floor(exactlyMs / WINDOW_MS) * WINDOW_MS;
    return {
      what: `have received exactly ${exactlyMs} ms of audio`,
      isThere: (session) =>
        session.audioMs === windowsMs && (exactlyMs === 0 || session.count('audio') > 0 || windowsMs > 0),
      isOver: ({ audioMs }) => audioMs > windowsMs,
      isUntilDone: true,
    };
  }
  if (atLeastMs === undefined && atMostMs === undefined) {
    return {
      what: 'have received audio',
      isThere: (session) => session.audioMs > 0 || session.count('audio') > 0,
    };
  }
  const words = [
    ...(atLeastMs === undefined ? [] : [`at least ${atLeastMs} ms`]),
    ...(atMostMs === undefined ? [] : [`at most ${atMostMs} ms`]),
  ];
  return {
    what: `have received ${words.join(' and ')} of audio`,
    isThere: ({ audioMs }) => audioMs >= (atLeastMs ?? 0) && audioMs <= (atMostMs ?? Infinity),
    isOver: ({ audioMs }) => audioMs > (atMostMs ?? Infinity),
    isUntilDone: atMostMs !== undefined,
  };
}

/** Expects a flush. */
export function flush(id: string | null | undefined): Wanted<Session> {
  if (id === undefined)
    return { what: 'have received a flush', isThere: (session) => session.count('flush') > 0 };
  return {
    what: `have received the flush ${JSON.stringify(id)}`,
    isThere: (session) => messagesOf(session, 'client').some(isFlush(id)),
  };
}

/** Expects a text message of one side. */
export function message(state: MatcherState, from: Peer, frame: string | object): Wanted<Session> {
  const verb = from === 'client' ? 'have received' : 'have sent';
  const isIt = isLike(state, frame);
  return {
    what: `${verb} ${said(state, frame)}`,
    isThere: (session) => messagesOf(session, from).some(isIt),
  };
}

/** What can be expected of a refusal. */
export type RefusalLike = Partial<Pick<Refusal, 'status' | 'path' | 'method'>> & {
  /** A text, or at least these fields of the JSON. */
  readonly body?: unknown;
};

/** What is wrong with what is expected of a refusal: something that no refusal has would be like none of them. */
export function mistakeInRefusal(command: string, like: unknown): UserError | undefined {
  const unknown = unknownNames(like, ['status', 'path', 'method', 'body']);
  return unknown.length === 0 ? undefined : new UserError(unknown.map((each) => ({ command, ...each })));
}

/** Expects a refused upgrade. */
export function refused(state: MatcherState, like: RefusalLike): Wanted<Pick<MockServer, 'refusals'>> {
  const { equals, utils } = state;
  const isLike = ({ status, path, method, body }: Refusal) =>
    equals({ status, path, method, body }, like, [utils.iterableEquality, utils.subsetEquality]);
  const words = Object.keys(like).length === 0 ? 'an upgrade' : `an upgrade as in ${said(state, like)}`;
  return { what: `have refused ${words}`, isThere: ({ refusals }) => refusals.some(isLike) };
}

/** An expected value on one line. */
function said({ utils }: MatcherState, value: string | object): string {
  return utils.stringify(value).replace(/\n */g, ' ');
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
    const given = jsonOf(text);
    if (typeof given !== 'object' || given === null || !('type' in given)) return false;
    return given.type === 'flush_request' && ('id' in given ? given.id : null) === id;
  };
}

function jsonOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
