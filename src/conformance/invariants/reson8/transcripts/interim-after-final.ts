import {
  doubtful,
  held,
  heldIf,
  madeBy,
  unclear,
  type Invariant,
  type Occasion,
} from '../../../judge/invariant.ts';
import { shown } from '../../../text/shown.ts';
import { normalise } from '../../../text/normalise.ts';
import { MISTAKES } from '../mistakes.ts';
import { hadReadAudio } from '../../shared/crossing.ts';
import { perRealtime, type Realtime, type Transcript } from '../realtime.ts';

/** Finals do not change (S4:82), so an interim after a final is about later audio. */
export const interimAfterFinal: readonly Invariant[] = [
  perRealtime('R8-TR-015', function* (realtime, { overlapMs }) {
    let final: Transcript | undefined;
    for (const transcript of realtime.transcripts) {
      if (!transcript.saysSomething) continue;
      if (transcript.isInterim && final !== undefined)
        yield* compared(final, transcript, realtime, overlapMs);
      final = transcript.isInterim ? undefined : transcript;
    }
  }),
];

function* compared(
  final: Transcript,
  interim: Transcript,
  realtime: Realtime,
  overlapMs: number,
): Iterable<Occasion> {
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
    const expected = 'an interim about later audio';
    const finding = doubtful(events, expected, actual);
    // Audio that the server had not read by the final is later audio, too.
    if (!hadReadAudio(realtime, final))
      yield unclear(events, expected, `${actual}, unless audio was still under way`);
    else yield madeBy(isBegun(interim, final) ? MISTAKES.goesOn : undefined, finding);
  }
}

/** Whether a transcript begins with the words of another. */
function isBegun({ text = '' }: Transcript, by: Transcript): boolean {
  return normalise(text).startsWith(normalise(by.text ?? ''));
}
