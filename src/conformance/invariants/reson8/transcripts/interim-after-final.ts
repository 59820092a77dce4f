import { doubtful, held, heldIf, madeBy, type Invariant, type Occasion } from '../../../judge/invariant.ts';
import { shown } from '../../../text/shown.ts';
import { normalise } from '../../../text/normalise.ts';
import { MISTAKES } from '../mistakes.ts';
import { perRealtime, type Transcript } from '../realtime.ts';

/** Finals do not change (S4:82), so an interim after a final is about later audio. */
export const interimAfterFinal: readonly Invariant[] = [
  perRealtime('R8-TR-015', function* ({ transcripts }, { overlapMs }) {
    let final: Transcript | undefined;
    for (const transcript of transcripts) {
      if (!transcript.saysSomething) continue;
      if (transcript.isInterim && final !== undefined) yield* compared(final, transcript, overlapMs);
      final = transcript.isInterim ? undefined : transcript;
    }
  }),
];

function* compared(final: Transcript, interim: Transcript, overlapMs: number): Iterable<Occasion> {
  const events = [final.index, interim.index];
  if (final.span !== undefined && interim.span !== undefined) {
    const { startMs } = interim.span;
    const { endMs } = final.span;
    const occasion = heldIf(
      startMs >= endMs - overlapMs,
      events,
      `an interim that starts at ${endMs - overlapMs} ms or later`,
      () => `an interim at ${startMs} ms after a final that ends at ${endMs} ms`,
    );
    const goesOn = startMs === final.span.startMs && isBegun(interim, final);
    yield madeBy(goesOn ? MISTAKES.goesOn : undefined, occasion);
    return;
  }
  // Without times there are only the words, and people repeat themselves.
  const isRepeated = isBegun(final, interim);
  if (!isRepeated) yield held(...events);
  else if (final.audio.byteCount === interim.audio.byteCount) {
    const actual = `with no audio between, ${shown(interim.text)} after the final ${shown(final.text)}`;
    const finding = doubtful(events, 'an interim about later audio', actual);
    yield madeBy(isBegun(interim, final) ? MISTAKES.goesOn : undefined, finding);
  }
}

/** Whether a transcript begins with the words of another. */
function isBegun({ text = '' }: Transcript, by: Transcript): boolean {
  return normalise(text).startsWith(normalise(by.text ?? ''));
}
