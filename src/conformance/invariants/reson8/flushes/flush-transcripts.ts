import {
  awaiting,
  blaming,
  broken,
  doubtful,
  held,
  madeBy,
  unclear,
  type Invariant,
  type Occasion,
  type Window,
} from '../../../judge/invariant.ts';
import { flushTurnsOf, type FlushTurn } from './flush-buffer.ts';
import { WRONG_TIMES } from '../../../blame/mistakes.ts';
import { MISTAKES } from '../mistakes.ts';
import { finalsOf, perRealtime } from '../realtime.ts';
import { isWhole } from '../../shared/whole.ts';

/** A flush makes what is buffered final, and returns it before it is confirmed (S4:69,120). */
export const flushTranscripts: readonly Invariant[] = [
  perRealtime('R8-FL-006', function* (realtime, { audioMs }) {
    if (!isWhole(realtime)) return;
    const turns = flushTurnsOf(realtime, audioMs);
    const isMarked = finalsOf(realtime).length > 0 || turns.every(({ inTime }) => inTime.length === 0);
    for (const turn of turns) yield* returned(turn, isMarked);
  }),
  perRealtime('R8-FL-007', function* (realtime, { audioMs }) {
    for (const { flush, inTime, late } of flushTurnsOf(realtime, audioMs)) {
      const { request, confirmation } = flush;
      const result = late[0] ?? inTime.find(({ isInterim }) => !isInterim);
      if (confirmation === undefined || result === undefined) continue;
      const events = [request.index, confirmation.index, result.index];
      if (late.length === 0) yield held(...events);
      else {
        const expected = 'the transcript, then the confirmation';
        const finding = broken(events, expected, 'the confirmation, then the transcript');
        // If audio followed the request, only the times of a transcript show that it is about the audio before.
        const isByTimes = result.audio.byteCount !== request.audio.byteCount;
        yield madeBy(
          isByTimes ? WRONG_TIMES : undefined,
          blaming(finding, confirmation.index, ...late.map(({ index }) => index)),
        );
      }
    }
  }),
  perRealtime('R8-FL-009', function* (realtime, { audioMs }) {
    if (realtime.flags.include_interim !== true) return;
    for (const turn of flushTurnsOf(realtime, audioMs)) yield* final(turn);
  }),
];

/** Late transcripts are covered by R8-FL-007. */
function* returned(
  { flush, buffered, doubtedSince, inTime, hasEmptyFinal, late }: FlushTurn,
  isMarked: boolean,
): Iterable<Occasion> {
  const { request, confirmation } = flush;
  if (buffered === undefined || confirmation === undefined) return;
  const result = inTime[0] ?? late[0];
  if (result !== undefined) {
    yield held(...[request.index, confirmation.index, result.index]);
    return;
  }
  const events = [request.index, confirmation.index];
  const expected = 'a transcript of the speech that was buffered';
  const window: Window = [Math.min(doubtedSince, request.index), confirmation.index];
  // If flushes return interims and nothing is ever final, finals are not marked as such, which R8-FL-009 covers.
  if (!isMarked)
    yield unclear(events, expected, 'the confirmation alone, after results that are never final');
  else if (buffered === 'speech') {
    const actual = hasEmptyFinal ? 'an empty transcript' : 'the confirmation alone';
    yield madeBy(MISTAKES.noFinal, awaiting(broken(events, expected, actual), window));
  }
  // An interim may change, even to an empty text: here it was seen to.
  else if (!hasEmptyFinal) {
    const actual = 'the confirmation alone, although there was an interim';
    yield madeBy(MISTAKES.noFinal, awaiting(doubtful(events, expected, actual), window));
  }
}

function* final({ flush, buffered, inTime, hasEmptyFinal, late }: FlushTurn): Iterable<Occasion> {
  const { request, confirmation } = flush;
  const [first] = inTime;
  if (buffered === undefined || confirmation === undefined || first === undefined || late.length > 0) return;
  // An empty final is final, and covered by R8-TR-012.
  if (hasEmptyFinal) return;
  const result = inTime.find(({ fields }) => fields['is_final'] === true);
  if (result !== undefined) yield held(request.index, result.index, confirmation.index);
  else if (inTime.every(({ isInterim }) => isInterim)) {
    const events = [request.index, ...inTime.map(({ index }) => index), confirmation.index];
    const [expected, actual] = ['is_final: true', 'is_final: false until the confirmation'];
    // An interim that is under way when the flush is requested may change, even to an empty text, which is not sent.
    const isSpeech = buffered === 'speech';
    const finding = (isSpeech ? broken : doubtful)(events, expected, actual);
    yield madeBy(MISTAKES.noFinal, awaiting(blaming(finding), [request.index, confirmation.index]));
  }
}
