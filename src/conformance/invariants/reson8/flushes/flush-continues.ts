import { awaiting, broken, held, unclear, type Invariant, type Occasion } from '../../../judge/invariant.ts';
import { reaches, type Tolerances } from '../../../judge/tolerances.ts';
import { mayHaveCrossed } from '../../shared/crossing.ts';
import { endingOf, lastMsOf, OF_SERVICE } from '../../shared/ending.ts';
import { isWhole } from '../../shared/whole.ts';
import { errorIn } from '../messages/error-name.ts';
import { derived } from '../../../conversation/derived.ts';
import { countUntil, countWhile, lastBefore } from '../../../conversation/ordered.ts';
import { isFromBefore, MORE_SPEECH_MS } from './flush-buffer.ts';
import { chanceToConfirm } from './flush-confirmations.ts';
import { flushesOf, type Flush } from './flush-exchange.ts';
import { mayBeIdle } from './idle.ts';
import { perRealtime, type Realtime, type Transcript } from '../realtime.ts';
import { sentAudioOf, type SentAudio } from '../transcripts/sound.ts';

/** More flushes than this are rarely pending at the same time. */
const MOST_UNDER_WAY = 100;

/** A flush makes buffered audio final (S4:69) and does nothing else, so the session goes on. */
export const flushContinues: readonly Invariant[] = [
  perRealtime('R8-FL-010', function* (realtime, tolerances) {
    const sounds = sentAudioOf(realtime);
    const { flushes } = flushesOf(realtime);
    const results = realtime.transcripts.filter(({ saysSomething }) => saysSomething);
    for (const flush of flushes) {
      const { confirmation } = flush;
      if (confirmation === undefined) continue;
      const place = countUntil(sounds, confirmation.index, ({ index }) => index);
      const sound = sounds[place];
      if (sound === undefined) continue;
      const { answer, isBlurred } = answerTo(sound, flush, flushes, results, tolerances.audioMs);
      if (answer !== undefined) yield held(confirmation.index, sound.index, answer);
      else yield* unanswered({ confirmedAt: confirmation.index, place, isBlurred }, realtime, tolerances);
    }
  }),
];

/**
 * The first result about audio after the sound: a mere confirmation may come from a server that no longer recognises
 * anything. `isBlurred`: a result that came while an earlier flush was pending may also be the first.
 */
function answerTo(
  sound: SentAudio,
  flush: Flush,
  flushes: readonly Flush[],
  results: readonly Transcript[],
  audioMs: number,
): { readonly answer: number | undefined; readonly isBlurred: boolean } {
  const later = countUntil(flushes, sound.index, ({ request }) => request.index);
  // While a flush from before the sound is pending, results belong to it.
  const settledAt = flushes
    .slice(Math.max(0, later - MOST_UNDER_WAY), later)
    .reduce((at, { confirmation }) => Math.max(at, confirmation?.index ?? 0), sound.index);
  const firstSince = (since: number) => {
    let place = countUntil(results, since, ({ index }) => index);
    let result = results[place];
    while (result !== undefined && isFromBefore(result, flush, audioMs)) result = results[++place];
    return result?.index;
  };
  return { answer: firstSince(settledAt), isBlurred: firstSince(sound.index) !== undefined };
}

/** A confirmation, and the place of the first sound after it, with no result that certainly belongs to that sound. */
interface Unanswered {
  readonly confirmedAt: number;
  readonly place: number;
  readonly isBlurred: boolean;
}

/** Yields nothing if the server may have had nothing to send yet. */
function* unanswered(
  { confirmedAt, place: soundPlace, isBlurred }: Unanswered,
  realtime: Realtime,
  tolerances: Tolerances,
): Iterable<Occasion> {
  if (!isWhole(realtime)) return;
  const sound = sentAudioOf(realtime)[soundPlace];
  const msAt = (place: number) => lastBefore(realtime.moments, place + 1)?.event.atMs ?? 0;
  const ending = endingOf(realtime);
  const { enough, speechMs } = speechSince(realtime, soundPlace);
  const brokenBy = (actual: string, ...events: readonly number[]) => {
    const all = [confirmedAt, sound?.index ?? confirmedAt, ...events];
    const expected = 'results of what is said after a flush';
    if (isBlurred) return unclear(all, expected, `${actual}, unless an earlier result covers it`);
    const finding = broken(all, expected, actual);
    return awaiting(finding, [confirmedAt, events.at(-1) ?? confirmedAt]);
  };
  if (ending?.by === 'server' && !OF_SERVICE.includes(ending.code) && errorIn(realtime) === undefined) {
    // Audio that was sent just before the end of the connection may have crossed with it.
    const isRead = (said: SentAudio | undefined) =>
      said !== undefined && !mayHaveCrossed(said.atMs, ending.atMs);
    const isAtOnce = !reaches(ending.atMs - msAt(confirmedAt), tolerances.controlMs, tolerances);
    const isCutShort = isAtOnce && (isRead(sound) || !mayBeIdle(realtime, ending, tolerances));
    if (isCutShort || isRead(enough)) {
      yield brokenBy('the server ended the connection', ending.index);
      return;
    }
  }
  if (enough === undefined) return;
  const { confirmed, unconfirmed } = parted(realtime);
  const open = requestedAfter(unconfirmed, enough.index);
  // A later request has waited for less time.
  if (open !== undefined && chanceToConfirm(open, realtime, tolerances) === 'left open') {
    yield brokenBy('another flush without an answer', enough.index, open.request.index);
    return;
  }
  const bare = requestedAfter(confirmed, enough.index);
  if (bare?.confirmation !== undefined) {
    const actual = `a confirmation alone, after ${Math.round(speechMs)} ms of speech`;
    yield brokenBy(actual, enough.index, bare.confirmation.index);
    return;
  }
  // Without interims it is unknown when a final has to come.
  const waitedMs = (ending?.atMs ?? lastMsOf(realtime)) - msAt(enough.index);
  const isLong = reaches(waitedMs, tolerances.controlMs, tolerances);
  if (realtime.flags.include_interim === true && isLong) {
    yield brokenBy(`nothing, after ${Math.round(speechMs)} ms of speech`, enough.index);
  }
}

const parted = derived((realtime: Realtime) => {
  const { flushes } = flushesOf(realtime);
  return {
    confirmed: flushes.filter(({ confirmation }) => confirmation !== undefined),
    unconfirmed: flushes.filter(({ confirmation }) => confirmation === undefined),
  };
});

function requestedAfter(flushes: readonly Flush[], place: number): Flush | undefined {
  return flushes[countUntil(flushes, place, ({ request }) => request.index)];
}

/** How much speech was sent up to and including each piece of sound. */
const speechOf = derived((realtime: Realtime): readonly number[] => {
  let sumMs = 0;
  return sentAudioOf(realtime).map(({ content, ms = 0 }) => (sumMs += content === 'speech' ? ms : 0));
});

/**
 * The first piece of sound after a given one at which enough speech for words had been sent, and the amount of that
 * speech.
 */
function speechSince(
  realtime: Realtime,
  place: number,
): { readonly enough: SentAudio | undefined; readonly speechMs: number } {
  const sums = speechOf(realtime);
  const beforeMs = sums[place - 1] ?? 0;
  const enoughAt = countWhile(sums, (sumMs) => sumMs - beforeMs < MORE_SPEECH_MS);
  const sumMs = sums[Math.min(enoughAt, sums.length - 1)] ?? beforeMs;
  return { enough: sentAudioOf(realtime)[enoughAt], speechMs: sumMs - beforeMs };
}
