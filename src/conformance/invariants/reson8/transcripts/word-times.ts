import { broken, held, type Invariant, type Occasion } from '../../../judge/invariant.ts';
import { perRealtime, type Span } from '../realtime.ts';
import { timedWordsIn, type TimedWord } from './words.ts';

/** The times of words (S4:92-100). */
export const wordTimes: readonly Invariant[] = [
  perRealtime('R8-W-007', function* ({ transcripts }, { overlapMs }) {
    for (const transcript of transcripts) {
      const words = timedWordsIn(transcript);
      if (words.length >= 2) yield wordsFollow(transcript.index, words, overlapMs);
    }
  }),
  perRealtime('R8-W-008', function* ({ transcripts }, { overlapMs }) {
    for (const transcript of transcripts) {
      const { span } = transcript;
      const words = timedWordsIn(transcript);
      if (span === undefined || words.length === 0) continue;
      const clock = clockOf(span, words, overlapMs);
      // R8-W-010 says which clock it should be.
      if (clock !== undefined) yield held(transcript.index);
      else {
        const stray = words.find((word) => !isWithin(word.span, span, overlapMs)) ?? words[0];
        const expected = `words within ${told(span)}, give or take ${overlapMs} ms`;
        const actual = stray === undefined ? '' : `${JSON.stringify(stray.text)} at ${told(stray.span)}`;
        yield broken([transcript.index], expected, actual);
      }
    }
  }),
  perRealtime('R8-W-010', function* ({ transcripts }, { overlapMs }) {
    for (const transcript of transcripts) {
      const { span } = transcript;
      const words = timedWordsIn(transcript);
      // At the very beginning of the stream both clocks agree.
      if (span === undefined || span.startMs <= overlapMs || words.length === 0) continue;
      const clock = clockOf(span, words, overlapMs);
      if (clock === 'stream') yield held(transcript.index);
      else if (clock === 'segment') {
        const expected = `word times on the clock of the transcript, which is at ${told(span)}`;
        const actual = `word times that fit only when they are counted from its start: the first is at ${told(words[0]?.span)}`;
        yield broken([transcript.index], expected, actual);
      }
    }
  }),
];

/** Whether words follow each other. */
export function wordsFollow(index: number, words: readonly TimedWord[], overlapMs: number): Occasion {
  let before: TimedWord | undefined;
  for (const word of words) {
    if (before !== undefined) {
      const isOrdered =
        word.span.startMs >= before.span.startMs && word.span.startMs >= before.span.endMs - overlapMs;
      if (!isOrdered) {
        const pair = [before, word].map(({ text, span }) => `${JSON.stringify(text)} at ${told(span)}`);
        const expected = `words one after the other, overlapping by ${overlapMs} ms at most`;
        return broken([index], expected, pair.join(', then '));
      }
    }
    before = word;
  }
  return held(index);
}

/** The base from which the times of words count, if all of them fit into the transcript with it. */
function clockOf(
  span: Span,
  words: readonly TimedWord[],
  overlapMs: number,
): 'stream' | 'segment' | undefined {
  if (words.every((word) => isWithin(word.span, span, overlapMs))) return 'stream';
  const fromItsStart = { startMs: 0, endMs: span.endMs - span.startMs };
  return words.every((word) => isWithin(word.span, fromItsStart, overlapMs)) ? 'segment' : undefined;
}

/** Whether a span lies within another, within the tolerance. */
export function isWithin(inner: Span, outer: Span, overlapMs: number): boolean {
  return inner.startMs >= outer.startMs - overlapMs && inner.endMs <= outer.endMs + overlapMs;
}

/** A span in words, for reports. */
export function told(span: Span | undefined): string {
  return span === undefined ? 'no time' : `${span.startMs}-${span.endMs} ms`;
}
