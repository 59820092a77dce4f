import type { Mistake } from '../../../runtime/errors.ts';
import type { TranscriptWord } from '../transcripts.ts';
import type { Sound } from './listen.ts';
import type { Said } from './said.ts';
import { spreadOver, type Span } from './spread.ts';

/** Subtitles are often shown until slightly after the end of the recording. */
const BEYOND_MS = 500;

/** Words with their times, and what is wrong with the times in the transcript. */
export interface Timed {
  readonly words: readonly TranscriptWord[];
  readonly mistakes: readonly Omit<Mistake, 'file'>[];
}

/**
 * Gives each word its time: that in the transcript if there is one for this word; within a cue, spread over the speech
 * heard in it; and without any times, spread over all speech.
 */
export function timed(
  { passages }: Said,
  { durationMs, speech }: Pick<Sound, 'durationMs' | 'speech'>,
): Timed {
  const mistakes: Omit<Mistake, 'file'>[] = [];
  const words: TranscriptWord[] = [];
  let beforeMs = 0;
  for (const { words: texts, span, isExact, place } of passages) {
    const [text = ''] = texts;
    if (span === undefined) {
      if (texts.length > 0 && speech.length === 0)
        mistakes.push({ ...place, what: 'it has words, but no speech is heard in the recording' });
      words.push(...spreadOver(texts, speech));
      continue;
    }
    if (span.startMs >= durationMs || span.endMs > durationMs + BEYOND_MS) {
      mistakes.push({
        ...place,
        what: `it is said from ${span.startMs} to ${span.endMs} ms, but the recording lasts ${durationMs} ms`,
      });
      continue;
    }
    const endMs = Math.min(span.endMs, durationMs);
    if (isExact === true) {
      words.push({ text, startMs: span.startMs, endMs });
      continue;
    }
    const cue = { startMs: Math.max(span.startMs, beforeMs), endMs };
    if (endMs > cue.startMs) words.push(...spreadOver(texts, speechIn(cue, speech)));
    else mistakes.push({ ...place, what: 'there is no time left for its words after those above it' });
    beforeMs = Math.max(beforeMs, endMs);
  }
  return { words, mistakes };
}

/** The speech in a cue, or all of the cue if none is heard. */
function speechIn(cue: Span, speech: readonly Span[]): readonly Span[] {
  const within = speech.flatMap(({ startMs, endMs }) => {
    const span = { startMs: Math.max(startMs, cue.startMs), endMs: Math.min(endMs, cue.endMs) };
    return span.endMs > span.startMs ? [span] : [];
  });
  return within.length > 0 ? within : [cue];
}
