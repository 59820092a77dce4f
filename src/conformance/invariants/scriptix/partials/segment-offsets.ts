import type { Conversation } from '../../../conversation/conversation.ts';
import {
  blaming,
  broken,
  doubtful,
  held,
  heldIf,
  unclear,
  type Invariant,
  type Occasion,
} from '../../../judge/invariant.ts';
import { perConnection } from '../conversations.ts';
import { evidence } from '../../shared/evidence.ts';
import { isWhole } from '../../shared/whole.ts';
import { AMBIGUITIES } from '../../../../protocol/ambiguities.ts';
import { resultsOf, type Result } from '../results.ts';
import { allOf, segmentsOf, startOf, type Segment } from './segments.ts';

/**
 * How `offset_ms` behaves within a segment and between segments (S0:79-86). A4: it is the start of the segment in all
 * its results, or it advances with them.
 */
export const segmentOffsets: readonly Invariant[] = [
  perConnection('SX-PART-009', function* (conversation) {
    const { segments, isAdvancing } = segmentsOf(conversation);
    for (const { partials } of segments) yield* constant(withOffset(partials), isAdvancing);
  }),
  perConnection('SX-PART-010', larger),
  perConnection('SX-PART-013', noneAfter),
  perConnection('SX-FIN-013', function* (conversation) {
    const { segments, isAdvancing } = segmentsOf(conversation);
    for (const segment of segments) yield* sameAsPartials(segment, isAdvancing);
  }),
];

interface Placed extends Result {
  readonly offsetMs: number;
}

function withOffset(results: readonly Result[]): readonly Placed[] {
  return results.filter((each): each is Placed => each.offsetMs !== undefined);
}

const { start: START, advances: ADVANCES } = AMBIGUITIES.A4.readings;
/**
 * Two partials with one offset may be from the same moment, and two with different offsets from two segments that begin
 * with the same word. Only this many different texts or offsets decide.
 */
const TELLING_COUNT = 3;
const FAINT = { isFaint: true } as const;

function* constant(partials: readonly Placed[], isAdvancing: boolean): Iterable<Occasion> {
  const [first, last] = [partials[0], partials.at(-1)];
  if (first === undefined || last === undefined || partials.length < 2) return;
  const back = partials.findIndex(({ offsetMs }, i) => offsetMs < (partials[i - 1]?.offsetMs ?? offsetMs));
  const [before, after] = [partials[back - 1], partials[back]];
  if (before !== undefined && after !== undefined) {
    const expected = `offset_ms ${before.offsetMs}, as before, or one that advances`;
    const finding = broken([before.index, after.index], expected, `offset_ms ${after.offsetMs}`);
    // Either may be the wrong one.
    yield blaming(finding, before.index, after.index);
    return;
  }
  const occasion = held(first.index, last.index);
  if (last.offsetMs > first.offsetMs) {
    const isTelling = new Set(partials.map(({ offsetMs }) => offsetMs)).size >= TELLING_COUNT;
    yield { ...occasion, reading: ADVANCES, ...(isTelling ? {} : FAINT) };
  }
  // Without new words, the offset could not have advanced.
  else if (textsOf(partials) < 2) yield occasion;
  else yield { ...occasion, ...readingOfOne(partials, isAdvancing) };
}

function textsOf(partials: readonly Placed[]): number {
  return new Set(partials.map(({ text }) => text)).size;
}

function* larger(conversation: Conversation): Iterable<Occasion> {
  if (!isWhole(conversation)) return;
  const { segments, isAdvancing } = segmentsOf(conversation);
  const finalised = new Set<number>();
  let before: { readonly segment: Segment; readonly startMs: number } | undefined;
  for (const segment of segments) {
    const startMs = startOf(segment);
    if (startMs === undefined) continue;
    // A result at the place of an earlier final repeats it, which is covered by another requirement.
    const isRepeated = finalised.has(startMs) && (segment.partials.length === 0 || !isAdvancing);
    if (segment.final?.offsetMs !== undefined) finalised.add(segment.final.offsetMs);
    if (isRepeated) continue;
    if (before !== undefined) {
      // The offset of a final without partials may be its end, where the next segment may also begin.
      const mayBeEqual = isAdvancing && before.segment.partials.length === 0;
      const { startMs: earlierMs } = before;
      const isHeld = startMs > earlierMs || (mayBeEqual && startMs === earlierMs);
      const events = evidence(firstIndex(before.segment), firstIndex(segment));
      yield heldIf(
        isHeld,
        events,
        `a new segment after offset_ms ${earlierMs}`,
        () => `offset_ms ${startMs}`,
      );
    }
    before = { segment, startMs };
  }
}

function firstIndex(segment: Segment): number | undefined {
  return allOf(segment)[0]?.index;
}

/** Every partial after a final could be about the finished segment. */
function* noneAfter(conversation: Conversation): Iterable<Occasion> {
  const { segments, late, isAdvancing } = segmentsOf(conversation);
  const repeated = new Set(late.map(({ partial }) => partial.index));
  const constantly = new Set(segments.filter(isConstant).map(({ final }) => final?.index));
  const finalised = new Map<number | undefined, Result>();
  /** Offsets of finals with different texts: they do not identify a segment. */
  const shared = new Set<number>();
  let last: Result | undefined;
  for (const result of resultsOf(conversation)) {
    const { index, offsetMs } = result;
    if (offsetMs === undefined) continue;
    if (result.isFinal) {
      last = result;
      const before = finalised.get(offsetMs);
      if (before !== undefined && before.text !== result.text) shared.add(offsetMs);
      finalised.set(offsetMs, result);
    } else if (last !== undefined) {
      const place = finalised.get(offsetMs);
      // If the offset advances, a segment may begin where the one before ended.
      const isOver = repeated.has(index) || !isAdvancing || constantly.has(place?.index);
      const final = isOver ? place : undefined;
      const expected = `no partial at offset_ms ${offsetMs}, where a segment is final`;
      if (final === undefined) yield held(last.index, index);
      else if (shared.has(offsetMs) && !repeated.has(index))
        yield unclear([last.index, index], expected, 'a partial');
      else yield broken([final.index, index], expected, 'a partial');
    }
  }
}

function* sameAsPartials({ partials, final }: Segment, isAdvancing: boolean): Iterable<Occasion> {
  const placed = withOffset(partials);
  const [first, last] = [placed[0], placed.at(-1)];
  if (first === undefined || last === undefined || final?.offsetMs === undefined) return;
  const { offsetMs } = final;
  const events = [last.index, final.index];
  const expected = `offset_ms ${last.offsetMs}, as its partials, or a later one`;
  const actual = `offset_ms ${offsetMs}`;
  if (offsetMs < first.offsetMs) yield broken(events, expected, actual);
  // The start of a segment whose partials advance: half of both readings.
  else if (offsetMs < last.offsetMs) yield doubtful(events, expected, actual);
  else if (offsetMs > first.offsetMs) yield { ...held(first.index, final.index), reading: ADVANCES };
  else yield { ...held(...events), ...readingOfOne(placed, isAdvancing) };
}

/** Whether the offset of a segment is certainly its start, because it has not moved while words came. */
function isConstant(segment: Segment): boolean {
  const offsets = new Set(allOf(segment).map(({ offsetMs }) => offsetMs));
  return offsets.size === 1 && textsOf(withOffset(segment.partials)) >= TELLING_COUNT;
}

/**
 * If all results have a single offset, it is the start of the segment; if there are only a few results, the offset may
 * still be an advancing one.
 */
function readingOfOne(partials: readonly Placed[], isAdvancing: boolean): Partial<Occasion> {
  if (textsOf(partials) >= TELLING_COUNT) return { reading: START };
  return isAdvancing ? {} : { reading: START, ...FAINT };
}
