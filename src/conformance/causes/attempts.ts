import { RUNNER_DIALECTS } from '../dialects/dialects.ts';
import type { TraceContext } from '../../wire/trace.ts';
import type { Conversation } from '../conversation/conversation.ts';
import type { Play } from '../judge/invariant.ts';
import { derived } from '../conversation/derived.ts';
import { dialectAt, fateOf, isCall, placeOf, type Fate, type Place } from './fate.ts';

/** A request of a run, with its result. */
export interface Attempt {
  readonly play: Play;
  readonly conversation: Conversation;
  readonly place: Place;
  /** Undefined in a trace whose observer does not know it. */
  readonly credential: TraceContext['credential'];
  readonly fate: Fate;
  /** Milliseconds since the start of the run: when the request was made, and when the connection ended. */
  readonly askedMs: number;
  readonly endedMs: number;
  /** Equal for requests that differ only in their credential. */
  readonly shape: string;
  /** Whether the request itself is valid, whatever its credential, so that a server is expected to accept it. */
  readonly isInOrder: boolean;
}

/** Whether the observer considers the credential valid. */
export function isTrusted({ credential }: Attempt): boolean {
  return credential === 'valid' || credential === 'admin' || credential === 'user';
}

/** All requests of all plays, in the order in which they were made. */
export function attemptsOf(plays: readonly Play[]): readonly Attempt[] {
  return plays.flatMap(attemptsIn).sort((a, b) => a.askedMs - b.askedMs);
}

const attemptsIn = derived((play: Play): readonly Attempt[] =>
  play.conversations.flatMap((conversation) => attemptOf(conversation, play)),
);

function attemptOf(conversation: Conversation, play: Play): readonly Attempt[] {
  const { request, end, moments, context } = conversation;
  const place = placeOf(conversation);
  if (request === undefined || place === undefined) return [];
  const { beganMs = 0 } = play;
  const last = moments.at(-1) ?? request;
  return [
    {
      play,
      conversation,
      place,
      credential: context.credential,
      fate: fateOf(conversation, dialectAt(place)),
      askedMs: beganMs + request.event.atMs,
      endedMs: beganMs + (end ?? last).event.atMs,
      shape: shapeOf(conversation),
      isInOrder: isInOrder(conversation, place),
    },
  ];
}

/** Parameters that hold a credential, or tell our fake what to play. */
const BESIDE_THE_SHAPE = ['token', 'scenario'];

function shapeOf({ request, query }: Conversation): string {
  const parameters = [...query]
    .filter(([name]) => !BESIDE_THE_SHAPE.includes(name))
    .map(([name, value]) => `${name}=${value}`)
    .sort();
  const { method = '', headers = {} } = request?.event ?? {};
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  const scheme = /^\w+/.exec(headers['authorization'] ?? '')?.[0] ?? '';
  return JSON.stringify([method, query.has('token'), names.sort(), scheme, parameters]);
}

function isInOrder(conversation: Conversation, place: Place): boolean {
  return isCall(place) || RUNNER_DIALECTS[place].isInOrder(conversation);
}
