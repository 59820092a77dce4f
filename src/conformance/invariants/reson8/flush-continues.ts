import { awaiting, broken, held, type Invariant, type Occasion } from '../../invariant.ts';
import { reaches, type Tolerances } from '../../tolerances.ts';
import { endingOf, hasGaps, lastMsOf } from './ending.ts';
import { isError } from './error-name.ts';
import { firstAfter } from './first-after.ts';
import { isFromBefore, MORE_SPEECH_MS } from './flush-buffer.ts';
import { isLeftOpen } from './flush-confirmations.ts';
import { flushesOf, type Flush } from './flush-exchange.ts';
import { perRealtime, type Realtime, type Transcript } from './realtime.ts';
import { soundsOf, type Sound } from './sound.ts';

/** More flushes than this are hardly under way at once. */
const MOST_UNDER_WAY = 100;

/** A flush makes buffered audio final (S4:69), and that is all: the session goes on. */
export const flushContinues: readonly Invariant[] = [
  perRealtime('R8-FL-010', function* (realtime, tolerances) {
    const sounds = soundsOf(realtime);
    const { flushes } = flushesOf(realtime);
    const results = realtime.transcripts.filter(({ saysSomething }) => saysSomething);
    for (const flush of flushes) {
      const { confirmation } = flush;
      if (confirmation === undefined) continue;
      const place = firstAfter(sounds, confirmation.index, ({ index }) => index);
      const sound = sounds[place];
      if (sound === undefined) continue;
      const answer = answerTo(sound, flush, flushes, results, tolerances.audioMs);
      if (answer !== undefined) yield held(confirmation.index, sound.index, answer);
      else yield* unanswered(confirmation.index, flushes, sounds.slice(place), realtime, tolerances);
    }
  }),
];

/** The first result that is not about what was before the sound: a confirmation alone may come from a server that is deaf. */
function answerTo(
  sound: Sound,
  flush: Flush,
  flushes: readonly Flush[],
  results: readonly Transcript[],
  audioMs: number,
): number | undefined {
  const later = firstAfter(flushes, sound.index, ({ request }) => request.index);
  // While one from before the sound is under way, results are its own.
  const settledAt = flushes
    .slice(Math.max(0, later - MOST_UNDER_WAY), later)
    .reduce((at, { confirmation }) => Math.max(at, confirmation?.index ?? 0), sound.index);
  let place = firstAfter(results, settledAt, ({ index }) => index);
  let result = results[place];
  while (result !== undefined && isFromBefore(result, flush, audioMs)) result = results[++place];
  return result?.index;
}

/** Nothing, when the server may have had nothing to say yet. */
function* unanswered(
  confirmedAt: number,
  flushes: readonly Flush[],
  since: readonly Sound[],
  realtime: Realtime,
  tolerances: Tolerances,
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
    const finding = broken(all, 'results of what is said after a flush', actual);
    return awaiting(finding, [confirmedAt, events.at(-1) ?? confirmedAt]);
  };
  const isFailure = realtime.heard.some(({ message }) => isError(message));
  if (ending?.by === 'server' && !isFailure) {
    const isAtOnce = !reaches(ending.atMs - msAt(confirmedAt), tolerances.controlMs, tolerances);
    if (isAtOnce || enough !== undefined) {
      yield brokenBy('the server ended the connection', ending.index);
      return;
    }
  }
  if (enough === undefined) return;
  const open = flushes.find((flush) => {
    return flush.request.index > enough.index && isLeftOpen(flush, realtime, tolerances);
  });
  if (open !== undefined) {
    yield brokenBy('another flush without an answer', enough.index, open.request.index);
    return;
  }
  const bare = flushes.find(({ request, confirmation }) => {
    return request.index > enough.index && confirmation !== undefined;
  });
  if (bare?.confirmation !== undefined) {
    const actual = `a confirmation alone, after ${Math.round(speechMs)} ms of speech`;
    yield brokenBy(actual, enough.index, bare.confirmation.index);
    return;
  }
  // Without interims nobody says when a final has to come.
  const waitedMs = (ending?.atMs ?? lastMsOf(realtime)) - msAt(enough.index);
  const isLong = reaches(waitedMs, tolerances.controlMs, tolerances);
  if (realtime.flags.include_interim === true && isLong) {
    yield brokenBy(`nothing, after ${Math.round(speechMs)} ms of speech`, enough.index);
  }
}
