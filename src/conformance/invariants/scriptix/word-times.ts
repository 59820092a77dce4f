import type { Conversation } from '../../conversation.ts';
import {
  doubtful,
  held,
  heldIf,
  unclear,
  type Invariant,
  type Occasion,
  type Play,
} from '../../invariant.ts';
import type { Tolerances } from '../../tolerances.ts';
import { isWhole, perConnection, perMicrophone } from './conversations.ts';
import { AMBIGUITIES } from '../../../protocol/ambiguities.ts';
import { audioMsAt, type Result } from './results.ts';
import { segmentsOf, startOf, type Segment } from './segments.ts';
import { baseOf, endMsOf, type WordBase } from './word-base.ts';
import { spanOf } from './words.ts';

/** Where word times lie on the audio clock (S0:49,75), whatever they count from (A7). */
export const wordTimes: readonly Invariant[] = [
  perConnection('SX-FIN-011', oneBase),
  perMicrophone('SX-FIN-012', withinAudio),
  perConnection('SX-FIN-023', apart),
];

/** A segment with its final, and where its words end. */
interface Said extends Segment {
  readonly final: Result;
}

function finalised(conversation: Conversation): readonly Said[] {
  return segmentsOf(conversation)
    .segments.filter((each): each is Said => each.final !== undefined)
    .toSorted((a, b) => a.final.index - b.final.index);
}

function sessionBase(all: readonly Segment[]): WordBase | undefined {
  for (const each of all) {
    const base = baseOf(each);
    if (base !== undefined) return base;
  }
  return undefined;
}

function* oneBase(conversation: Conversation, { tolerances }: Play): Iterable<Occasion> {
  const all = finalised(conversation);
  const base = sessionBase(all);
  const isMeasured = conversation.dialect === 'scriptix' && isWhole(conversation);
  let first: Said | undefined;
  for (const segment of all) {
    const { final } = segment;
    if (isMeasured && isImpossible(segment, tolerances)) {
      const actual = `offset_ms ${startOf(segment) ?? ''}, words ${told(segment)}`;
      yield doubtful([final.index], 'word times that are possible on one of the two bases', actual);
      continue;
    }
    const own = baseOf(segment);
    if (own === undefined) continue;
    first ??= segment;
    if (first === segment) continue;
    const events = [first.final.index, final.index];
    const reading = own === 'relative' ? AMBIGUITIES.A7.readings.relative : AMBIGUITIES.A7.readings.absolute;
    if (own === base) yield { ...held(...events), reading };
    else yield { ...doubtful(events, `${base ?? 'the same'} word times, as before`, `${own} ones`), reading };
  }
}

/** Too late for the audio if they are relative, and before their segment or too late if they are absolute. */
function isImpossible(segment: Said, { audioMs }: Tolerances): boolean {
  const start = startOf(segment);
  const sentMs = audioMsAt(segment.final);
  const span = spanOf(segment.final);
  if (start === undefined || sentMs === undefined || span === undefined) return false;
  // Without partials the offset may be where the segment ends (A4).
  const isBefore = segment.partials.length > 0 && span.startMs < start - audioMs;
  const latest = sentMs + audioMs;
  return start + span.endMs > latest && (isBefore || span.endMs > latest);
}

function told({ final }: Said): string {
  const span = spanOf(final);
  return span === undefined ? '' : `from ${span.startMs} to ${span.endMs} ms`;
}

const WHY_EARLIER = 'its offset advances, so that of its first partial is not where it begins';

/** Whether a segment may begin, and so end, before the place that its first offset gives it (A4). */
function mayBeEarlier(segment: Segment, sessionBase: WordBase | undefined, isAdvancing: boolean): boolean {
  return isAdvancing && (baseOf(segment) ?? sessionBase) !== 'absolute';
}

function* withinAudio(conversation: Conversation, { tolerances }: Play): Iterable<Occasion> {
  if (!isWhole(conversation)) return;
  const all = finalised(conversation);
  const base = sessionBase(all);
  const { isAdvancing } = segmentsOf(conversation);
  for (const segment of all) {
    const { final } = segment;
    const endMs = endMsOf(segment, base);
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
    if (isHeld || isAhead || !mayBeEarlier(segment, base, isAdvancing))
      yield heldIf(isHeld, [final.index], expected, () => actual);
    else yield unclear([final.index], expected, `${actual}, or earlier: ${WHY_EARLIER}`);
  }
}

function* apart(conversation: Conversation, { tolerances }: Play): Iterable<Occasion> {
  const all = finalised(conversation);
  const base = sessionBase(all);
  const { isAdvancing } = segmentsOf(conversation);
  for (const [i, segment] of all.entries()) {
    const before = all[i - 1];
    if (before === undefined) continue;
    const [start, earlier] = [startOf(segment), startOf(before)];
    const endMs = endMsOf(before, base);
    // Repeated finals and finals in the wrong order are other requirements' matters.
    if (start === undefined || earlier === undefined || endMs === undefined || start <= earlier) continue;
    if (isAdvancing && (segment.partials.length === 0 || before.partials.length === 0)) continue;
    const isHeld = endMs <= start + tolerances.overlapMs;
    const events = [before.final.index, segment.final.index];
    const expected = `a segment that ends before the next one starts, at ${start} ms`;
    const actual = `it ends at ${Math.round(endMs)} ms`;
    if (isHeld || !mayBeEarlier(before, base, isAdvancing))
      yield heldIf(isHeld, events, expected, () => actual);
    else yield unclear(events, expected, `${actual}, or earlier: ${WHY_EARLIER}`);
  }
}
