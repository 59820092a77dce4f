import { startOf, type Segment } from './segments.ts';
import { spanOf } from './words.ts';

/** What word times count from (A7): the start of the segment, or the beginning of the audio. */
export type WordBase = 'relative' | 'absolute';

/** Below this offset the two cannot be told apart (A7). */
const TELLING_OFFSET_MS = 500;

/**
 * The base that a final's word times show by themselves: a first word that starts nearer to 0 than to where its
 * segment starts is relative. Undefined when it does not show.
 */
export function baseOf(segment: Segment): WordBase | undefined {
  const { partials, final } = segment;
  const start = startOf(segment);
  const span = final === undefined ? undefined : spanOf(final);
  if (start === undefined || span === undefined || start <= TELLING_OFFSET_MS) return undefined;
  if (span.startMs * 2 > start) return 'absolute';
  // If the offset advances, that of a final without partials may be where the segment ends.
  if (partials.length === 0 && Math.abs(span.endMs - start) <= TELLING_OFFSET_MS) return undefined;
  return 'relative';
}

/**
 * Where the last word of a segment ends on the audio clock. When the base does not show, the base of the session counts,
 * and without one the earlier of both places.
 */
export function endMsOf(segment: Segment, sessionBase: WordBase | undefined): number | undefined {
  const start = startOf(segment);
  const span = segment.final === undefined ? undefined : spanOf(segment.final);
  if (start === undefined || span === undefined) return undefined;
  const base = baseOf(segment) ?? sessionBase;
  return base === 'relative' ? start + span.endMs : span.endMs;
}
