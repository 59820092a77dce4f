import { broken, held, heldIf, unclear, withReading, type Invariant } from '../../../judge/invariant.ts';
import { shown } from '../../../text/shown.ts';
import { buffersAt } from '../flushes/flush-buffer.ts';
import { flushesOf, type Flush } from '../flushes/flush-exchange.ts';
import { isNumber, perRealtime, type Realtime } from '../realtime.ts';
import { AMBIGUITIES } from '../../../../protocol/ambiguities.ts';

/** The values of a transcript's fields. */
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
    const answers = answersOfEmptyFlushes(realtime);
    const expected = 'text: something that was recognised';
    for (const { index, text, saysSomething } of realtime.transcripts) {
      if (text === undefined) continue;
      const answer = answers.get(index);
      if (saysSomething) yield held(index);
      else if (answer === 'empty') yield withReading(held(index), AMBIGUITIES.A17.readings.empty);
      else if (answer === 'perhaps') {
        yield unclear(
          [index],
          expected,
          `text: ${shown(text)}, after a final that may have crossed the flush`,
        );
      } else yield broken([index], expected, `text: ${shown(text)}`);
    }
  }),
];

/**
 * Empty finals that a flush may have returned because nothing was buffered (A17): they come while it is pending, or
 * after its confirmation with no audio in between. `empty`: nothing says that anything was buffered. `perhaps`: a final
 * with words has come since the request. It may be what was flushed, or the server may have sent it by itself before it
 * read the request, and had nothing left to flush.
 */
function answersOfEmptyFlushes(realtime: Realtime): ReadonlyMap<number, 'empty' | 'perhaps'> {
  const { flushes } = flushesOf(realtime);
  const buffers = buffersAt(realtime);
  const requests = new Map(flushes.map((flush) => [flush.request.index, flush]));
  const confirmations = new Map(flushes.map((flush) => [flush.confirmation?.index, flush]));
  const transcripts = new Map(realtime.transcripts.map((transcript) => [transcript.index, transcript]));
  const found = new Map<number, 'empty' | 'perhaps'>();
  const open = new Set<Flush>();
  let latest: Flush | undefined;
  let wordsAt = -1;
  // If several flushes are pending, words before a confirmation belong to an earlier one.
  let settledAt = -1;
  for (const { index, audio } of realtime.moments) {
    latest = requests.get(index) ?? latest;
    if (latest?.request.index === index) open.add(latest);
    const confirmed = confirmations.get(index);
    if (confirmed !== undefined) {
      open.delete(confirmed);
      if (open.size > 0) settledAt = index;
    }
    const transcript = transcripts.get(index);
    if (transcript === undefined || transcript.isInterim) continue;
    if (transcript.saysSomething) wordsAt = index;
    const [first] = open;
    const flush = first ?? latest;
    if (transcript.saysSomething || flush === undefined) continue;
    if (first === undefined && audio.byteCount !== flush.request.audio.byteCount) continue;
    const requestedAt = flush.request.index;
    const isSpeech = buffers.get(requestedAt)?.holds === 'speech';
    if (wordsAt > (isSpeech ? requestedAt : Math.max(requestedAt, settledAt))) found.set(index, 'perhaps');
    else if (!isSpeech) found.set(index, 'empty');
  }
  return found;
}
