import { broken, heldIf, type Invariant, type Occasion } from '../../judge/invariant.ts';
import type { Span, Transcript } from '../reson8/realtime.ts';
import { told } from '../reson8/transcripts/word-times.ts';
import { perTurns, turnsIn } from './turns.ts';

interface Timed {
  readonly index: number;
  readonly span: Span;
}

/** The times of turns: counted from the beginning of the audio, in order, and not ahead of what was sent. */
export const times: readonly Invariant[] = [
  perTurns('R8-TURN-013', function* (turns, { audioMs, overlapMs }) {
    for (const candidate of turns.candidates) yield* onClock(candidate, audioMs);
    let before: Timed | undefined;
    for (const candidates of turnsIn(turns)) {
      // The last candidate determines the extent of the turn; one without words has none.
      const last = candidates.findLast(({ span, saysSomething }) => saysSomething && span !== undefined);
      if (last?.span === undefined) continue;
      const { index, span } = last;
      if (before !== undefined) {
        const soonest = before.span.endMs - overlapMs;
        yield heldIf(
          span.startMs >= before.span.startMs && span.startMs >= soonest,
          [before.index, index],
          `a turn that starts at ${soonest} ms or later`,
          () => `a turn at ${told(span)} after one at ${told(before?.span)}`,
        );
      }
      if (before === undefined || span.endMs > before.span.endMs) before = { index, span };
    }
  }),
];

function* onClock({ index, span, audio }: Transcript, audioMs: number): Iterable<Occasion> {
  if (span === undefined) return;
  if (span.startMs < 0 || span.endMs < span.startMs) {
    yield broken([index], 'start_ms and duration_ms: 0 or more', told(span));
    return;
  }
  const { ms: sentMs } = audio;
  if (sentMs === undefined) return;
  const expected = `an end within the ${Math.round(sentMs)} ms that were sent, give or take ${audioMs} ms`;
  yield heldIf(span.endMs <= sentMs + audioMs, [index], expected, () => told(span));
}
