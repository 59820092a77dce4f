import { broken, held, heldIf, type Invariant } from '../../invariant.ts';
import { shown } from '../../shown.ts';
import { buffersAt, type Buffered } from './flush-buffer.ts';
import { flushesOf, type Flush } from './flush-exchange.ts';
import { isNumber, perRealtime, type Realtime, type Transcript } from './realtime.ts';
import { READINGS, withReading } from './readings.ts';

/** What is in the fields of a transcript. */
export const transcriptValues: readonly Invariant[] = [
  perRealtime('R8-TR-009', function* ({ transcripts }) {
    for (const { index, fields } of transcripts) {
      const numbers = ['start_ms', 'duration_ms'].filter((name) => isNumber(fields[name]));
      if (numbers.length === 0) continue;
      const negative = numbers.filter((name) => Number(fields[name]) < 0);
      yield heldIf(negative.length === 0, [index], 'start_ms and duration_ms: 0 or more', () =>
        negative.map((name) => `${name}: ${shown(fields[name])}`).join(', '),
      );
    }
  }),
  perRealtime('R8-TR-012', function* (realtime) {
    const { flushes } = flushesOf(realtime);
    const buffers = buffersAt(realtime);
    for (const transcript of realtime.transcripts) {
      const { index, text, saysSomething } = transcript;
      if (text === undefined) continue;
      if (saysSomething) yield held(index);
      else if (answersEmptyFlush(transcript, flushes, buffers, realtime)) {
        yield withReading(held(index), READINGS.emptyTranscript);
      } else yield broken([index], 'text: something that was recognised', `text: ${shown(text)}`);
    }
  }),
];

/**
 * Whether an empty final is what a flush returned that found nothing: it comes while the flush is under way, or right
 * after its confirmation, before anything with words and unless there was speech (A17).
 */
function answersEmptyFlush(
  { index, isInterim, audio }: Transcript,
  flushes: readonly Flush[],
  buffers: ReadonlyMap<number, Buffered>,
  { transcripts }: Realtime,
): boolean {
  const flush = flushes.findLast(({ request }) => request.index < index);
  if (isInterim || flush === undefined) return false;
  const { request, confirmation } = flush;
  const isUnderWay = confirmation === undefined || confirmation.index > index;
  if (!isUnderWay && audio.byteCount !== request.audio.byteCount) return false;
  if (buffers.get(request.index) === 'speech') return false;
  return !transcripts.some((other) => {
    return other.saysSomething && other.index > request.index && other.index < index;
  });
}
