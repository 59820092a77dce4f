import { broken, held, type Invariant, type Occasion } from '../../invariant.ts';
import { endingOf, hasGaps, lastMsOf } from './ending.ts';
import { isError } from './error-name.ts';
import { isFromBefore, MORE_SPEECH_MS } from './flush-buffer.ts';
import { isLeftOpen } from './flush-confirmations.ts';
import { flushesOf, type Flush } from './flush-exchange.ts';
import { perRealtime, type Realtime } from './realtime.ts';
import { soundsOf, type Sound } from './sound.ts';

/** A flush makes buffered audio final (S4:69), and that is all: the session goes on. */
export const flushContinues: readonly Invariant[] = [
  perRealtime('R8-FL-010', function* (realtime, tolerances) {
    const sounds = soundsOf(realtime);
    const { flushes } = flushesOf(realtime);
    for (const flush of flushes) {
      const { confirmation } = flush;
      if (confirmation === undefined) continue;
      const since = sounds.filter(({ index }) => index > confirmation.index);
      const [sound] = since;
      if (sound === undefined) continue;
      const answer = answerTo(sound, flush, flushes, realtime, tolerances.audioMs);
      if (answer !== undefined) yield held(confirmation.index, sound.index, answer);
      else yield* unanswered(confirmation.index, flushes, since, realtime, tolerances.controlMs);
    }
  }),
];

/** The first result or confirmation that is not about what was before the sound. */
function answerTo(
  sound: Sound,
  flush: Flush,
  flushes: readonly Flush[],
  { transcripts }: Realtime,
  audioMs: number,
): number | undefined {
  const [earlier, later] = [[] as Flush[], [] as Flush[]];
  for (const each of flushes) (each.request.index < sound.index ? earlier : later).push(each);
  const settledAt = earlier.reduce(
    (at, { confirmation }) => Math.max(at, confirmation?.index ?? 0),
    sound.index,
  );
  const result = transcripts.find((transcript) => {
    return (
      transcript.index > settledAt && transcript.saysSomething && !isFromBefore(transcript, flush, audioMs)
    );
  });
  const indices = later.flatMap(({ confirmation }) => confirmation?.index ?? []);
  const first = Math.min(result?.index ?? Infinity, ...indices.slice(0, 1));
  return Number.isFinite(first) ? first : undefined;
}

/** Nothing, when the server may have had nothing to say yet. */
function* unanswered(
  confirmedAt: number,
  flushes: readonly Flush[],
  since: readonly Sound[],
  realtime: Realtime,
  controlMs: number,
): Iterable<Occasion> {
  if (hasGaps(realtime)) return;
  const [sound] = since;
  const msAt = (place: number) => realtime.moments.find(({ index }) => index === place)?.event.atMs ?? 0;
  const ending = endingOf(realtime);
  let speechMs = 0;
  const enough = since.find(({ content, ms }) => {
    speechMs += content === 'speech' ? (ms ?? 0) : 0;
    return speechMs >= MORE_SPEECH_MS;
  });
  const brokenBy = (actual: string, ...events: readonly number[]) => {
    const all = [confirmedAt, sound?.index ?? confirmedAt, ...events];
    return broken(all, 'results or a confirmation for what is sent after a flush', actual);
  };
  const isFailure = realtime.heard.some(({ message }) => isError(message));
  if (ending?.by === 'server' && !isFailure) {
    const isAtOnce = ending.atMs - msAt(confirmedAt) <= controlMs;
    if (isAtOnce || enough !== undefined) {
      yield brokenBy('the server ended the connection', ending.index);
      return;
    }
  }
  if (enough === undefined) return;
  const open = flushes.find((flush) => {
    return flush.request.index > enough.index && isLeftOpen(flush, realtime, controlMs);
  });
  if (open !== undefined) {
    yield brokenBy('another flush without an answer', enough.index, open.request.index);
    return;
  }
  // Without interims nobody says when a final has to come.
  const isLong = (ending?.atMs ?? lastMsOf(realtime)) - msAt(enough.index) > controlMs;
  if (realtime.flags.include_interim === true && isLong) {
    yield brokenBy(`nothing, after ${Math.round(speechMs)} ms of speech`, enough.index);
  }
}
