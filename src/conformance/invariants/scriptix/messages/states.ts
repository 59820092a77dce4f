import { endOf, leavingOf, serverLeavingOf } from '../../shared/ending.ts';
import {
  CONNECTION_STATES,
  DOCUMENTED_STATES,
  STATES_BEYOND,
} from '../../../../protocol/scriptix/messages.ts';
import type { Conversation, Heard, Said } from '../../../conversation/conversation.ts';
import { derived } from '../../../conversation/derived.ts';
import {
  awaiting,
  broken,
  doubtful,
  held,
  heldIf,
  madeBy,
  unclear,
  type Invariant,
  type Occasion,
  type Play,
  type Window,
} from '../../../judge/invariant.ts';
import { shown } from '../../../text/shown.ts';
import { exceeds, reaches } from '../../../judge/tolerances.ts';
import { MUTE_STREAMS } from '../../../blame/mistakes.ts';
import { isUnderstood, perConnection, perMicrophone, wasOpen } from '../conversations.ts';
import { mayHaveCrossed } from '../../shared/crossing.ts';
import { evidence } from '../../shared/evidence.ts';
import { othersOf } from '../../shared/other-plays.ts';
import { AMBIGUITIES } from '../../../../protocol/ambiguities.ts';
import { resultsOf } from '../results.ts';

/** State messages: their form and order, and that some message comes in time (S1:16,23,32; S2:45-57,93-100). */
export const states: readonly Invariant[] = [
  perConnection('SX-STATE-001', function* (conversation) {
    for (const { index, message } of statesIn(conversation)) {
      const state = message.fields?.['state'];
      yield heldIf(typeof state === 'string', [index], 'state: a string', () => `state: ${shown(state)}`);
    }
  }),
  perConnection('SX-STATE-002', values),
  perConnection('SX-STATE-003', function* (conversation) {
    const all = statesIn(conversation);
    const listening = all.find(is('listening'));
    if (listening === undefined) return;
    const late = all.filter(is('loading')).filter(({ index }) => index > listening.index);
    if (late.length === 0) yield held(listening.index);
    for (const { index } of late) {
      yield broken([listening.index, index], 'no loading after listening', 'loading again');
    }
  }),
  perConnection('SX-STATE-004', function* (conversation) {
    const loading = statesIn(conversation).find(is('loading'));
    const [first] = conversation.heard;
    if (loading === undefined || first === undefined || !isUnderstood(conversation)) return;
    const events = evidence(first.index, loading.index);
    yield heldIf(
      first === loading,
      events,
      'loading as the first message',
      () => `first ${shown(first.message.text)}`,
    );
  }),
  perConnection('SX-STATE-005', function* (conversation) {
    const [result] = resultsOf(conversation);
    if (result === undefined) return;
    const late = statesIn(conversation).filter(({ index, message }) => {
      return index > result.index && DOCUMENTED_STATES.some((each) => each === message.fields?.['state']);
    });
    if (late.length === 0) yield held(result.index);
    for (const each of late) {
      const { index, message } = each;
      const told = shown(message.fields?.['state']);
      yield {
        ...broken([result.index, index], 'no loading or listening after the first result', `state ${told}`),
        // The real service has been observed to repeat it as a keep-alive.
        ...(is('listening')(each) ? { deviation: 'scriptix-listening-pulse' } : {}),
      };
    }
  }),
  perConnection('SX-STATE-006', showsLife),
  perMicrophone('SX-STATE-008', listensFirst),
  perMicrophone('SX-STATE-009', function* (conversation) {
    const listening = statesIn(conversation).find(is('listening'));
    if (listening === undefined) return;
    const id = listening.message.fields?.['session_id'];
    const isHeld = typeof id === 'string' && id !== '';
    yield heldIf(
      isHeld,
      [listening.index],
      'session_id: a string that is not empty',
      () => `session_id: ${shown(id)}`,
    );
  }),
];

function statesIn({ heard }: Conversation): readonly Heard[] {
  return heard.filter(({ message }) => message.kind === 'state');
}

function is(state: string): (heard: Heard) => boolean {
  return ({ message }) => message.fields?.['state'] === state;
}

/** A3: two values have a message, six are named, two more are known. */
function* values(conversation: Conversation): Iterable<Occasion> {
  for (const { index, message } of statesIn(conversation)) {
    const state = message.fields?.['state'];
    // Covered by another requirement.
    if (typeof state !== 'string') continue;
    if (DOCUMENTED_STATES.some((each) => each === state)) yield held(index);
    else if ([...CONNECTION_STATES, ...STATES_BEYOND].some((each) => each === state)) {
      yield { ...held(index), reading: AMBIGUITIES.A3.readings.more };
    } else yield doubtful([index], 'state: loading or listening', `state: ${shown(state)}`);
  }
}

function startOf({ said }: Conversation): Said | undefined {
  return said.find(({ message }) => message.kind === 'start');
}

/** States that a server sends unasked after the connection is opened may cross with the start. */
function* listensFirst(conversation: Conversation, play: Play): Iterable<Occasion> {
  const start = startOf(conversation);
  if (start === undefined || !isUnderstood(conversation)) return;
  const after = conversation.heard.filter(({ index }) => index > start.index);
  const isMet = (each: Heard) => each.message.kind === 'error' || is('listening')(each);
  const mayBeEarlier = (each: Heard) => mayHaveCrossed(start.event.atMs, each.event.atMs) && isOwn(each);
  const followsStarts = statesFollowStarts(othersOf(play));
  const first = after.find((each) => isMet(each) || followsStarts || !mayBeEarlier(each));
  const [doubted] = after;
  if (doubted === undefined) return;
  const expected = 'listening as the first message';
  const told = ({ message }: Heard) => `first ${shown(message.text)}`;
  const events = evidence(start.index, (first ?? doubted).index);
  if (first !== undefined && !isMet(first)) {
    yield awaiting(broken(events, expected, told(first)), [start.index, first.index]);
  } else if (first === doubted) yield held(...events);
  else {
    const all = evidence(start.index, doubted.index, first?.index);
    yield unclear(all, expected, `${told(doubted)}, perhaps before the server read the start`);
  }
}

/** A state other than listening: a server could send nothing else before a start. */
function isOwn(each: Heard): boolean {
  return each.message.kind === 'state' && !is('listening')(each);
}

/**
 * Whether states come right after the start, however long after the opening that is, and never before it: then
 * they are answers to the start.
 */
const statesFollowStarts = derived((plays: readonly Play[]): boolean => {
  const delays: number[] = [];
  for (const conversation of plays.flatMap(({ conversations }) => conversations)) {
    const { dialect, response, heard } = conversation;
    const start = startOf(conversation);
    if (dialect !== 'scriptix' || response === undefined || start === undefined) continue;
    if (heard.some((each) => each.index < start.index && isOwn(each))) return false;
    const next = heard.find(({ index }) => index > start.index);
    if (next === undefined || !isOwn(next)) continue;
    delays.push(start.event.atMs - response.event.atMs);
  }
  return delays.length > 1 && !mayHaveCrossed(Math.min(...delays), Math.max(...delays));
});

const SIGNS: readonly string[] = ['state', 'partial', 'final', 'error'];

/** In wall-clock time, counted from the start command, or in stream mode from the opening. */
function* showsLife(conversation: Conversation, play: Play): Iterable<Occasion> {
  const { dialect, response, heard } = conversation;
  if (!wasOpen(conversation) || !isUnderstood(conversation)) return;
  const from = dialect === 'scriptix' ? startOf(conversation) : response;
  if (from === undefined) return;
  const sign = heard.find(({ index, message }) => index > from.index && SIGNS.includes(message.kind));
  const left = leavingOf(conversation) ?? serverLeavingOf(conversation);
  const until = sign ?? left ?? endOf(conversation, play);
  if (until === undefined) return;
  const tookMs = until.event.atMs - from.event.atMs;
  const { tolerances } = play;
  const { livenessMs } = tolerances;
  const events = evidence(from.index, until.index);
  const expected = `a state, a result or an error within ${livenessMs} ms`;
  const told = `${Math.round(tookMs)} ms`;
  const window: Window = [from.index, until.index];
  if (sign !== undefined && !exceeds(tookMs, livenessMs, tolerances)) yield held(...events);
  else if (sign !== undefined) yield awaiting(broken(events, expected, `after ${told}`), window);
  else if (reaches(tookMs, livenessMs, tolerances)) {
    const finding = awaiting(broken(events, expected, `nothing in ${told}`), window);
    yield madeBy(dialect === 'scriptix-stream' ? MUTE_STREAMS : undefined, finding);
  }
}
