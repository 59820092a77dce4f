import type { Conversation, Moment } from '../conversation/conversation.ts';
import { endingOf } from '../invariants/shared/ending.ts';
import type { Occasion, Play } from './invariant.ts';
import type { NotedStall } from './stall-notes.ts';
import { isReadIn, type Tolerances } from './tolerances.ts';

/** No one takes a peer for gone that has been silent for less than this: messages may be under way for as long. */
const TAKEN_FOR_GONE_MS = 1000;

/** What a side may have done because the observer stood still. */
export interface LeftInStall {
  /** Whether a finding is about the end of such a connection, or about something that did not come on it. */
  readonly concerns: (finding: Occasion) => boolean;
  /** The play as if these connections had not been observed from the beginning of the stall. */
  readonly play: Play;
}

/**
 * A side that ends a connection on which the observer stands still may take it for dead, since nothing is answered. What
 * it had sent before may be lost, too: a connection that was reset is not always read to its end. Undefined if the stall
 * was too short for that, or no connection was ended in it.
 */
export function leftInStall(play: Play, stall: NotedStall): LeftInStall | undefined {
  const { fromMs, untilMs } = stall;
  if (untilMs - fromMs < TAKEN_FOR_GONE_MS) return undefined;
  const isReadThen = ({ event }: Moment) => isReadIn(stall, event.atMs, play.tolerances);
  const isLeft = (conversation: Conversation) => {
    const ending = endingOf(conversation);
    if (!conversation.isOpen || ending?.by !== stall.readFrom) return false;
    return (
      isReadIn(stall, ending.atMs, play.tolerances) &&
      !hasSpoken(conversation, stall, ending.index, play.tolerances)
    );
  };
  const left = new Set(play.conversations.filter(isLeft));
  if (left.size === 0) return undefined;
  const moments = [...left].flatMap((conversation) => conversation.moments);
  const all = new Set(moments.map(({ index }) => index));
  const ends = new Set(moments.filter((each) => isReadThen(each) && isOfEnd(each)).map(({ index }) => index));
  return {
    concerns: ({ events, awaited }) =>
      events.some((index) => (awaited === undefined ? ends : all).has(index)),
    play: {
      ...play,
      conversations: play.conversations.map((each) => (left.has(each) ? cutAt(each, fromMs) : each)),
    },
  };
}

/** Messages of a service that answer nothing. All others may be about what a client had sent before it left. */
const UNASKED: readonly string[] = ['error', 'other', 'unreadable'];

/**
 * Whether the observer said something else than an answer between the stall and the end. Soon after the stall it has read
 * what was there, so such an end came after that. At first it has not: timers that were due come before anything is read,
 * and what audio brings about comes before the end that stands behind that audio. Words about audio are answers: all audio
 * of a client is read before its end.
 */
function hasSpoken(
  { moments, heard }: Conversation,
  { untilMs, readFrom }: NotedStall,
  end: number,
  { measuringMs }: Tolerances,
): boolean {
  const isAnswer = (index: number) =>
    heard.some((each) => each.index === index && !UNASKED.includes(each.message.kind));
  return moments.some(({ index, event }) => {
    if (index > end || event.atMs < untilMs + measuringMs) return false;
    if (!('from' in event) || event.from === readFrom) return false;
    return event.kind !== 'pong' && event.kind !== 'close' && !isAnswer(index);
  });
}

/** The end of a connection, or what a client says of it. */
function isOfEnd({ event }: Moment): boolean {
  if (event.kind === 'report') return event.report['event'] === 'error' || event.report['event'] === 'closed';
  return event.kind === 'close' || event.kind === 'end';
}

function cutAt(conversation: Conversation, atMs: number): Conversation {
  const isBefore = ({ event }: Moment) => event.atMs <= atMs;
  const ifBefore = <Some extends Moment>(moment: Some | undefined) =>
    moment !== undefined && isBefore(moment) ? moment : undefined;
  const { moments, heard, said, request, response, isOpen, serverClose, clientClose, end } = conversation;
  return {
    ...conversation,
    moments: moments.filter(isBefore),
    heard: heard.filter(isBefore),
    said: said.filter(isBefore),
    request: ifBefore(request),
    response: ifBefore(response),
    isOpen: isOpen && ifBefore(response) !== undefined,
    serverClose: ifBefore(serverClose),
    clientClose: ifBefore(clientClose),
    end: ifBefore(end),
  };
}
