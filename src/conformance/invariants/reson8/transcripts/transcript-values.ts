import { broken, held, heldIf, withReading, type Invariant } from '../../../judge/invariant.ts';
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
    const explained = answersOfEmptyFlushes(realtime);
    for (const { index, text, saysSomething } of realtime.transcripts) {
      if (text === undefined) continue;
      if (saysSomething) yield held(index);
      else if (explained.has(index)) yield withReading(held(index), AMBIGUITIES.A17.readings.empty);
      else yield broken([index], 'text: something that was recognised', `text: ${shown(text)}`);
    }
  }),
];

/**
 * Empty finals returned by a flush that found nothing: they come while the flush is pending or right after its
 * confirmation, before anything with words, and only if there was no speech (A17).
 */
function answersOfEmptyFlushes(realtime: Realtime): ReadonlySet<number> {
  const { flushes } = flushesOf(realtime);
  const buffers = buffersAt(realtime);
  const requests = new Map(flushes.map((flush) => [flush.request.index, flush]));
  const confirmations = new Map(flushes.map((flush) => [flush.confirmation?.index, flush]));
  const transcripts = new Map(realtime.transcripts.map((transcript) => [transcript.index, transcript]));
  const found = new Set<number>();
  const open = new Set<Flush>();
  let latest: Flush | undefined;
  let hasWords = false;
  for (const { index, audio } of realtime.moments) {
    const request = requests.get(index);
    if (request !== undefined) {
      if (open.size === 0) hasWords = false;
      open.add(request);
      latest = request;
    }
    const confirmed = confirmations.get(index);
    if (confirmed !== undefined) {
      open.delete(confirmed);
      // If several flushes are pending, words before a confirmation belong to an earlier one.
      if (open.size > 0) hasWords = false;
    }
    const transcript = transcripts.get(index);
    if (transcript?.saysSomething === true) hasWords = true;
    if (transcript === undefined || transcript.saysSomething || transcript.isInterim || hasWords) continue;
    const [first] = open;
    const flush = first ?? latest;
    if (flush === undefined || buffers.get(flush.request.index)?.holds === 'speech') continue;
    if (first !== undefined || audio.byteCount === flush.request.audio.byteCount) found.add(index);
  }
  return found;
}
