import type { Peer } from '../../../wire/trace.ts';
import type { Conversation, Moment, MomentOf } from '../../conversation/conversation.ts';
import { countUntil } from '../../conversation/ordered.ts';
import {
  awaiting,
  broken,
  doneBy,
  held,
  heldIf,
  perConversation,
  unclear,
  type Invariant,
  type Occasion,
} from '../../judge/invariant.ts';
import { reaches, type Tolerances } from '../../judge/tolerances.ts';
import { controlsOf } from './controls.ts';
import { isDataAfterClose } from './faults.ts';
import { CLOSE, framesIn, isData } from './raw-frames.ts';
import { isFrom, other, PEERS } from './sides.ts';
import { isWhole } from '../shared/whole.ts';
import { lastMsOf } from '../shared/ending.ts';

/** The closing handshake (RFC 6455 §5.5.1). */
export const closing: readonly Invariant[] = [
  perConversation('TR-004', function* (conversation) {
    for (const by of PEERS) {
      const sent = controlsOf(conversation).filter((moment) => isFrom(moment, by));
      const fault = sent.find(({ event }) => event.kind === 'fault' && isDataAfterClose(event.message));
      const close = sent.find((moment) => opcodesOf(moment).includes('close'));
      if (close === undefined && fault === undefined) continue;
      const late = fault ?? (close && lateIn(conversation, close, by));
      const events = [...new Set([close, late].flatMap((each) => (each === undefined ? [] : [each.index])))];
      const actual = () => `the ${by} sent data after its Close frame`;
      yield doneBy(by, heldIf(late === undefined, events.sort(ascending), 'nothing but the end', actual));
    }
  }),
  perConversation('TR-005', function* (conversation, tolerances) {
    const { serverClose, clientClose } = conversation;
    for (const by of PEERS) {
      const [asked, answer] = by === 'client' ? [serverClose, clientClose] : [clientClose, serverClose];
      // The side that closed first need not answer.
      if (asked === undefined || (answer !== undefined && answer.index < asked.index)) continue;
      const occasion =
        answer === undefined
          ? unanswered(conversation, asked, by, tolerances)
          : held(asked.index, answer.index);
      if (occasion !== undefined) yield doneBy(by, occasion);
    }
  }),
];

/** Undefined if there was no time for an answer, or if the trace would not show it. */
function unanswered(
  conversation: Conversation,
  asked: MomentOf<'close'>,
  by: Peer,
  tolerances: Tolerances,
): Occasion | undefined {
  const { moments, end } = conversation;
  if (!isWhole(conversation) || moments.some(({ event }) => event.kind === 'fault')) return undefined;
  const events = [asked.index, ...(end === undefined ? [] : [end.index])];
  const { controlMs } = tolerances;
  const expected = `a Close frame of the ${by} within ${controlMs} ms`;
  if (reaches(lastMsOf(conversation) - asked.event.atMs, controlMs, tolerances))
    return awaiting(broken(events, expected, 'none came'), [
      asked.index,
      moments.at(-1)?.index ?? asked.index,
    ]);
  if (end === undefined || end.event.how === 'close' || end.event.by === other(by)) return undefined;
  // The end of the connection may already have been in flight.
  return unclear(events, expected, 'the connection ended without one');
}

/** The data and Close frames of a moment, in order. */
function opcodesOf({ event }: Moment): readonly ('data' | 'close')[] {
  if (event.kind === 'close') return ['close'];
  if (event.kind === 'text' || event.kind === 'binary') return ['data'];
  if (event.kind !== 'bytes') return [];
  return framesIn(event.base64).flatMap((frame) =>
    frame.opcode === CLOSE ? ['close' as const] : isData(frame) ? ['data' as const] : [],
  );
}

/** The first moment with data after a Close frame, which may be in the same bytes. */
function lateIn({ moments }: Conversation, close: Moment, by: Peer): Moment | undefined {
  return moments
    .slice(countUntil(moments, close.index - 1, ({ index }) => index))
    .find((moment) => isFrom(moment, by) && saysMoreAfter(close, moment));
}

function saysMoreAfter(close: Moment, moment: Moment): boolean {
  const said = opcodesOf(moment);
  return moment.index > close.index
    ? said.includes('data')
    : said.lastIndexOf('data') > said.indexOf('close');
}

function ascending(a: number, b: number): number {
  return a - b;
}
