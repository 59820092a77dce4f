import type { Conversation } from '../../../conversation/conversation.ts';
import {
  doubtful,
  held,
  heldIf,
  unclear,
  type Invariant,
  type Occasion,
  type Play,
} from '../../../judge/invariant.ts';
import type { Tolerances } from '../../../judge/tolerances.ts';
import { perConnection, perMicrophone } from '../conversations.ts';
import { AMBIGUITIES } from '../../../../protocol/ambiguities.ts';
import { audioMsAt } from '../results.ts';
import { segmentsOf, startOf } from '../partials/segments.ts';
import { endMsOf, wordBases, type Finalised, type WordBase } from './word-base.ts';
import { spanOf } from './words.ts';
import { isWhole } from '../../shared/whole.ts';

/** Where words are on the audio clock (S0:49,75), whatever their times count from (A7). */
export const wordTimes: readonly Invariant[] = [
  perConnection('SX-FIN-011', oneBase),
  perMicrophone('SX-FIN-012', withinAudio),
  perConnection('SX-FIN-023', apart),
];

/** The final segments in the order of their finals, the base of each, and the first base that is known. */
interface Timed {
  readonly all: readonly Finalised[];
  readonly bases: readonly (WordBase | undefined)[];
  readonly base: WordBase | undefined;
}

function timedIn(conversation: Conversation, { tolerances }: Play): Timed {
  const all = segmentsOf(conversation)
    .segments.filter((each): each is Finalised => each.final !== undefined)
    .toSorted((a, b) => a.final.index - b.final.index);
  const bases = wordBases(all, isMeasured(conversation), tolerances);
  return { all, bases, base: bases.find((each) => each !== undefined) };
}

/** In stream mode the audio that the server fetched is unknown. */
function isMeasured(conversation: Conversation): boolean {
  return conversation.dialect === 'scriptix' && isWhole(conversation);
}

function* oneBase(conversation: Conversation, play: Play): Iterable<Occasion> {
  const { tolerances } = play;
  const { all, bases, base } = timedIn(conversation, play);
  let first: Finalised | undefined;
  for (const [i, segment] of all.entries()) {
    const { final } = segment;
    if (isMeasured(conversation) && isImpossible(segment, tolerances)) {
      const actual = `offset_ms ${startOf(segment) ?? ''}, words ${told(segment)}`;
      yield doubtful([final.index], 'word times that are possible on one of the two bases', actual);
      continue;
    }
    const own = bases[i];
    if (own === undefined) continue;
    first ??= segment;
    if (first === segment) continue;
    const events = [first.final.index, final.index];
    const reading = own === 'relative' ? AMBIGUITIES.A7.readings.relative : AMBIGUITIES.A7.readings.absolute;
    if (own === base) yield { ...held(...events), reading };
    else yield { ...doubtful(events, `${base ?? 'the same'} word times, as before`, `${own} ones`), reading };
  }
}

/** Beyond the audio if the times are relative, and before the segment or beyond the audio if they are absolute. */
function isImpossible(segment: Finalised, { audioMs }: Tolerances): boolean {
  const start = startOf(segment);
  const sentMs = audioMsAt(segment.final);
  const span = spanOf(segment.final);
  if (start === undefined || sentMs === undefined || span === undefined) return false;
  // Without partials, the offset may be the end of the segment (A4).
  const isBefore = segment.partials.length > 0 && span.startMs < start - audioMs;
  const latest = sentMs + audioMs;
  return start + span.endMs > latest && (isBefore || span.endMs > latest);
}

function told({ final }: Finalised): string {
  const span = spanOf(final);
  return span === undefined ? '' : `from ${span.startMs} to ${span.endMs} ms`;
}

const WHY_EARLIER = 'its offset advances, so it may begin before the offset of its first partial';

/** Whether a segment may begin, and so end, before its first offset (A4). */
function mayBeEarlier(base: WordBase | undefined, isAdvancing: boolean): boolean {
  return isAdvancing && base !== 'absolute';
}

function* withinAudio(conversation: Conversation, play: Play): Iterable<Occasion> {
  const { tolerances } = play;
  if (!isWhole(conversation)) return;
  const { all, bases, base } = timedIn(conversation, play);
  const { isAdvancing } = segmentsOf(conversation);
  for (const [i, segment] of all.entries()) {
    const { final } = segment;
    const endMs = endMsOf(segment, bases[i] ?? base);
    const sentMs = audioMsAt(final);
    if (sentMs === undefined) continue;
    const latestMs = sentMs + tolerances.audioMs;
    const isAhead = final.offsetMs !== undefined && final.offsetMs > latestMs;
    if (endMs === undefined && !isAhead) continue;
    const isHeld = !isAhead && (endMs ?? 0) <= latestMs;
    const expected = `words within the ${Math.round(sentMs)} ms that were sent`;
    const actual = isAhead
      ? `offset_ms ${final.offsetMs}`
      : `the last word ends at ${Math.round(endMs ?? 0)} ms`;
    if (isHeld || isAhead || !mayBeEarlier(bases[i] ?? base, isAdvancing))
      yield heldIf(isHeld, [final.index], expected, () => actual);
    else yield unclear([final.index], expected, `${actual}, or earlier: ${WHY_EARLIER}`);
  }
}

function* apart(conversation: Conversation, play: Play): Iterable<Occasion> {
  const { tolerances } = play;
  const { all, bases, base } = timedIn(conversation, play);
  const { isAdvancing } = segmentsOf(conversation);
  for (const [i, segment] of all.entries()) {
    const before = all[i - 1];
    if (before === undefined) continue;
    const [start, earlier] = [startOf(segment), startOf(before)];
    const endMs = endMsOf(before, bases[i - 1] ?? base);
    // Repeated finals and finals in the wrong order are covered by other requirements.
    if (start === undefined || earlier === undefined || endMs === undefined || start <= earlier) continue;
    if (isAdvancing && (segment.partials.length === 0 || before.partials.length === 0)) continue;
    const isHeld = endMs <= start + tolerances.overlapMs;
    const events = [before.final.index, segment.final.index];
    const expected = `a segment that ends before the next one starts, at ${start} ms`;
    const actual = `it ends at ${Math.round(endMs)} ms`;
    if (isHeld || !mayBeEarlier(bases[i - 1] ?? base, isAdvancing))
      yield heldIf(isHeld, events, expected, () => actual);
    else yield unclear(events, expected, `${actual}, or earlier: ${WHY_EARLIER}`);
  }
}
