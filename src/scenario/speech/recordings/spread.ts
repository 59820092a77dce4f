import type { TranscriptWord } from '../transcripts.ts';

/** A stretch of a recording, in milliseconds from its first sample; the end is after the start. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * Spreads words over the stretches in which they are spoken: longer words take longer, each word lies within one
 * stretch, and the words of a stretch fill it. Without stretches there are no times, and therefore no words.
 */
export function spreadOver(words: readonly string[], spans: readonly Span[]): readonly TranscriptWord[] {
  const speechMs = spans.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  const weights = words.map(weightOf);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const spread: TranscriptWord[] = [];
  let at = 0;
  let weighed = 0;
  let passedMs = 0;
  spans.forEach((span, index) => {
    passedMs += span.endMs - span.startMs;
    // A word belongs to the stretch in which its middle would be if there were no pauses.
    const limit = index === spans.length - 1 ? Infinity : (passedMs / speechMs) * total;
    const from = at;
    for (; at < words.length && weighed + (weights[at] ?? 0) / 2 < limit; at += 1)
      weighed += weights[at] ?? 0;
    spread.push(...fill(words.slice(from, at), span));
  });
  return spread;
}

/** Consecutive words from the start of a stretch to its end. */
function fill(words: readonly string[], { startMs, endMs }: Span): readonly TranscriptWord[] {
  const total = words.reduce((sum, word) => sum + weightOf(word), 0);
  let said = 0;
  return words.map((text) => {
    const fromMs = startMs + ((endMs - startMs) * said) / total;
    said += weightOf(text);
    const toMs = startMs + ((endMs - startMs) * said) / total;
    return { text, startMs: Math.round(fromMs), endMs: Math.round(toMs) };
  });
}

/** Short words take more time per letter than long ones. */
function weightOf(word: string): number {
  return 2 + word.length;
}
