import { FORMER_PARAMETERS, PARAMETERS } from '../../../protocol/reson8-turns/handshake.ts';
import type { Conversation, Heard, Said } from '../../conversation/conversation.ts';
import { firstAfter } from '../../conversation/ordered.ts';
import { broken, doubtful, held, unclear, type Invariant, type Occasion } from '../../judge/invariant.ts';
import { reaches, type Tolerances } from '../../judge/tolerances.ts';
import { shown } from '../../text/shown.ts';
import { errorIn } from '../reson8/messages/error-name.ts';
import { mayHaveCrossed } from '../shared/crossing.ts';
import { endingOf, type Ending } from '../shared/ending.ts';
import { isWhole } from '../shared/whole.ts';
import { wrongIn } from './parameters.ts';
import { openTurnAt } from './spoken-turns.ts';
import { perTurns, type Turns } from './turns.ts';

/** A client that closes within this time after its flush did not wait for the answer. */
const AT_ONCE_MS = 1000;

/** What a client may ask for, at the upgrade and in messages. */
export const requests: readonly Invariant[] = [
  perTurns('R8-TURN-022', function* ({ said }) {
    for (const each of said) yield ofMessage(each);
  }),
  perTurns('R8-TURN-023', waitsForTheEnd),
  perTurns('R8-TURN-026', function* ({ request, query }) {
    // These two are for the fake: they select what it plays.
    const names = [...new Set(query.keys())].filter((name) => name !== 'scenario' && name !== 'edition');
    if (request === undefined || names.length === 0) return;
    const wrong = wrongIn(query);
    const unknown = names.filter((name) => !KNOWN.includes(name));
    const events = [request.index];
    const expected = 'documented parameters, each at most once, with allowed values';
    if (wrong.length > 0) {
      yield broken(events, expected, wrong.map((name) => `${name}=${shown(query.get(name))}`).join(', '));
    } else if (unknown.length > 0)
      yield broken(events, expected, unknown.map((name) => shown(name)).join(', '));
    // This socket used to have these parameters.
    else if (names.some((name) => FORMER.includes(name))) {
      yield doubtful(events, expected, 'a parameter that was removed in the middle of 2026');
    } else yield held(...events);
  }),
];

const FORMER: readonly string[] = FORMER_PARAMETERS;
const KNOWN: readonly string[] = [...PARAMETERS, ...FORMER];

function ofMessage({ index, message }: Said): Occasion {
  const expected = 'audio in a binary message, or {"type":"flush_request"} in a text message';
  switch (message.kind) {
    case 'audio':
      return held(index);
    case 'flush': {
      const id = message.fields?.['id'];
      return id === undefined || id === null
        ? held(index)
        : broken([index], 'a flush request without an id', `id: ${shown(id)}`);
    }
    case 'in-binary':
      return broken([index], expected, `a binary message with ${shown(message.text)}`);
    case 'start':
    case 'stop':
    case 'other':
      return broken([index], expected, `a text message with ${shown(message.text)}`);
  }
}

/** Judged only if the server had announced a turn that was still open, since only then is an answer certain. */
function* waitsForTheEnd(turns: Turns, tolerances: Tolerances): Iterable<Occasion> {
  const leave = flushingEndOf(turns);
  if (leave === undefined || !isWhole(turns)) return;
  const { flush, ending, isNew, end } = leave;
  // After an error there is nothing to wait for.
  if ((errorIn(turns)?.index ?? Infinity) < ending.index) return;
  if (end !== undefined) {
    yield held(flush.index, end.index, ending.index);
    return;
  }
  const waitedMs = ending.atMs - flush.event.atMs;
  const events = [flush.index, ending.index];
  const expected = `turn_end, or ${tolerances.confirmationMs} ms without it, before the end`;
  const actual = `it waited ${Math.round(waitedMs)} ms`;
  // A client may stop waiting for an end that never comes.
  if (reaches(waitedMs, tolerances.confirmationMs, tolerances)) yield held(...events);
  else if (isNew) yield unclear(events, expected, `${actual}, and may not have known of the turn`);
  else if (reaches(waitedMs, AT_ONCE_MS, tolerances)) yield doubtful(events, expected, actual);
  else yield broken(events, expected, actual);
}

/** How a client ended a connection after its last flush, for which a turn was open. */
interface FlushingEnd {
  readonly flush: Said;
  readonly ending: Ending;
  /** Whether the turn was announced so shortly before the flush that the two may have crossed. */
  readonly isNew: boolean;
  /** The end of the turn that came first. */
  readonly end: Heard | undefined;
}

function flushingEndOf(conversation: Conversation): FlushingEnd | undefined {
  const { said, heard } = conversation;
  const ending = endingOf(conversation);
  const flush = said.findLast(({ message }) => message.kind === 'flush');
  if (flush === undefined || ending?.by !== 'client') return undefined;
  const turn = openTurnAt(flush.index, conversation);
  if (turn === undefined) return undefined;
  const first = turn.start ?? turn.candidates[0];
  const isNew = first !== undefined && mayHaveCrossed(first.event.atMs, flush.event.atMs);
  const end = firstAfter(heard.filter(isEnd), flush.index);
  return { flush, ending, isNew, end: end !== undefined && end.index < ending.index ? end : undefined };
}

const isEnd = ({ message }: Heard): boolean => message.kind === 'turn_end';
