import type { Peer } from '../../../wire/trace.ts';
import type { Conversation, Moment } from '../../conversation/conversation.ts';
import {
  awaiting,
  broken,
  doneBy,
  held,
  perConversation,
  type Invariant,
  type Occasion,
} from '../../judge/invariant.ts';
import { reaches, type Tolerances } from '../../judge/tolerances.ts';
import { controlsOf } from './controls.ts';
import { framesIn, PING } from './raw-frames.ts';
import { other, PEERS } from './sides.ts';
import { isWhole } from '../shared/whole.ts';
import { lastMsOf } from '../shared/ending.ts';

/** A Ping without a Pong so far, or a Pong without a Ping. */
interface Control {
  readonly index: number;
  readonly atMs: number;
  readonly base64: string;
}

/**
 * `ws` answers before it emits the Ping, so an observer within a program may have the Pong first, directly before it.
 */
const SAME_TURN_MS = 5;

/**
 * Pings are answered with their payload (RFC 6455 §5.5.2-3). If several are open, only the latest need be answered.
 * There is no occasion if the connection ended before there was time to answer, nor for a Ping to a side that is
 * closing or has broken the protocol, because libraries stop listening then.
 */
export const pings: Invariant = perConversation('TR-002', function* (conversation, tolerances) {
  if (!controlsOf(conversation).some(mayBePing)) return;
  for (const by of PEERS) yield* answersOf(conversation, by, tolerances);
});

function* answersOf(conversation: Conversation, by: Peer, tolerances: Tolerances): Iterable<Occasion> {
  const listensUntilMs = conversation.moments.find(isEnding)?.event.atMs ?? lastMsOf(conversation);
  let waiting: Control[] = [];
  let early: Control | undefined;
  for (const { event, index } of conversation.moments) {
    if (event.kind === 'ping' && event.from === other(by)) {
      if (early?.base64 === event.base64 && event.atMs - early.atMs <= SAME_TURN_MS) {
        yield doneBy(by, held(early.index, index));
      } else waiting.push({ ...event, index });
    }
    // A flood of pings is sent below the level of messages.
    if (event.kind === 'bytes' && event.from === other(by)) {
      for (const { opcode, payload } of framesIn(event.base64)) {
        if (opcode !== PING) continue;
        const base64 = Buffer.from(payload).toString('base64');
        waiting.push({ index, atMs: event.atMs, base64 });
      }
    }
    early = undefined;
    if (event.kind !== 'pong' || event.from !== by) continue;
    const answered = waiting.findLastIndex(({ base64 }) => base64 === event.base64) + 1;
    if (answered === 0) early = { ...event, index };
    for (const ping of waiting.slice(0, answered)) yield doneBy(by, held(ping.index, index));
    waiting = waiting.slice(answered);
  }
  if (!isWhole(conversation)) return;
  for (const { atMs, index } of waiting) {
    const { controlMs } = tolerances;
    // A connection that ends after exactly this time still counts.
    if (!reaches(listensUntilMs - atMs, controlMs, tolerances)) continue;
    const expected = `a Pong with the same payload within ${controlMs} ms`;
    const until = conversation.moments.at(-1)?.index ?? index;
    yield doneBy(by, awaiting(broken([index], expected, 'none came'), [index, until]));
  }
}

function mayBePing({ event: { kind } }: Moment): boolean {
  return kind === 'ping' || kind === 'pong' || kind === 'bytes';
}

function isEnding({ event }: Moment): boolean {
  return event.kind === 'close' || event.kind === 'fault' || event.kind === 'end';
}
