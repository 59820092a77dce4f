import type { Tolerances } from '../../../judge/tolerances.ts';
import { audioMsAt, type Result } from '../results.ts';
import { startOf, type Segment } from '../partials/segments.ts';
import { spanOf } from './words.ts';

/** What word times count from (A7): the start of the segment, or the beginning of the audio. */
export type WordBase = 'relative' | 'absolute';

/** A segment with its final. */
export interface Finalised extends Segment {
  readonly final: Result;
}

/**
 * The base of each final's word times, if they show it. Words before their segment are not absolute; words that would
 * be beyond the audio, or in the next segment, are not relative. If both are possible, such as for words that begin a
 * second after their segment, the base is undefined.
 * @param all the segments in the order of their finals
 * @param isMeasured whether the length of the sent audio is known: words do not end beyond it
 */
export function wordBases(
  all: readonly Finalised[],
  isMeasured: boolean,
  tolerances: Tolerances,
): readonly (WordBase | undefined)[] {
  return all.map((segment, i) => {
    const next = all[i + 1];
    const nextMs = next === undefined ? undefined : startOf(next);
    const own = isMeasured ? audioMsAt(segment.final) : undefined;
    return baseOf(segment, { sentMs: own, nextMs, tolerances });
  });
}

interface Around {
  readonly sentMs: number | undefined;
  /** Where the next segment starts, before which the words of this one end. */
  readonly nextMs: number | undefined;
  readonly tolerances: Tolerances;
}

function baseOf({ partials, final }: Finalised, around: Around): WordBase | undefined {
  const { sentMs = Infinity, nextMs = Infinity, tolerances } = around;
  const start = startOf({ partials, final });
  const span = spanOf(final);
  if (start === undefined || span === undefined) return undefined;
  // If the offset advances, the offset of a final without partials may be where the segment ends.
  if (partials.length === 0 && Math.abs(span.endMs - start) <= tolerances.audioMs) return undefined;
  const latestMs = sentMs + tolerances.audioMs;
  const beforeNextMs = nextMs > start ? nextMs + tolerances.audioMs : Infinity;
  const mayEndAt = (endMs: number) => endMs <= latestMs && endMs <= beforeNextMs;
  if (span.startMs < start - tolerances.audioMs) return 'relative';
  return mayEndAt(span.endMs) && !mayEndAt(start + span.endMs) ? 'absolute' : undefined;
}

/**
 * Where the last word of a segment ends on the audio clock. If the base of its times is unknown, that of the session is
 * used, and if that is unknown too, the earlier of both places.
 */
export function endMsOf({ partials, final }: Finalised, base: WordBase | undefined): number | undefined {
  const start = startOf({ partials, final });
  const span = spanOf(final);
  if (start === undefined || span === undefined) return undefined;
  return base === 'relative' ? start + span.endMs : span.endMs;
}
