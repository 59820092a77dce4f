import { WINDOW_MS } from '../../../audio/format.ts';
import type { Beginning } from '../../../audio/sketch/beginnings.ts';
import { fitOf, type Fit } from '../../../audio/sketch/match.ts';
import { MOST_FRAMES } from '../../../audio/sketch/sketch.ts';
import type { Sketch } from '../../../audio/ear.ts';
import type { Answer, KnownRecordings } from '../../script.ts';
import type { Transcript, TranscriptWord } from '../transcripts.ts';

/** A recording, as far as it is identified by its sound. */
export interface Sounding {
  /** The id of its transcript. */
  readonly id: string;
  /** The position of its onset, in milliseconds from its start. */
  readonly onsetMs: number;
  readonly words: readonly TranscriptWord[];
  readonly beginnings: readonly Beginning[];
}

/** A sketch is examined when it has this many frames. */
const LOOKS = [10, 20, 30, 40, MOST_FRAMES] as const;
/** At least this many frames identify a recording; fewer if it is short or cut off. */
const ENOUGH = 30;
const FEWEST = 15;

/** Decibels. The same recording in another format is within 1.5, another one beyond 4.5 (docs/recordings.md). */
const NEAR = 2;
/** A recording with other words has to be further away by this much. */
const MARGIN = 1.5;
/** Anything further away is a different sound, whatever follows. */
const FAR = 3;

/** Comparing with more beginnings would take too long. */
export const MOST_BEGINNINGS_IN_ALL = 2_000;

/** Identifies recordings by their exact beginning, and by the sound of any of their beginnings after a pause. */
export function knownRecordings(
  transcripts: ReadonlyMap<string, Transcript>,
  soundings: readonly Sounding[],
): KnownRecordings {
  const all = placesOf(soundings);
  return {
    has: ({ id }) => transcripts.has(id),
    at: (sketch, endMs, isLast) => answerAt(all, sketch, endMs, isLast),
  };
}

interface Place {
  readonly sounding: Sounding;
  readonly beginning: Beginning;
  /** The words from there on. */
  readonly text: string;
}

function placesOf(soundings: readonly Sounding[]): readonly Place[] {
  const places = soundings.flatMap((sounding) =>
    sounding.beginnings.map((beginning) => ({
      sounding,
      beginning,
      text: textFrom(sounding.words, beginning),
    })),
  );
  return places.filter(({ text }) => text !== '').slice(0, MOST_BEGINNINGS_IN_ALL);
}

function textFrom(words: readonly TranscriptWord[], { fromMs }: Beginning): string {
  return words.flatMap(({ text, endMs }) => (endMs > fromMs ? [text] : [])).join(' ');
}

function answerAt(all: readonly Place[], sketch: Sketch, endMs: number, isLast: boolean): Answer {
  const { frames, fromMs, bank, isComplete } = sketch;
  if (frames.length === 0 && bank === undefined) return isComplete ? 'unknown' : 'idle';
  if (endMs < fromMs) return 'idle';
  const count = Math.min(MOST_FRAMES, frames.length, Math.floor((endMs - fromMs) / WINDOW_MS));
  if (!isLast && !LOOKS.some((look) => look === count)) return 'wait';
  if (count < FEWEST && isLast) return 'unknown';
  const heard = frames.slice(0, count);
  const fits = all.flatMap(({ sounding, beginning, text }) => {
    const fit = fitOf(heard, beginning, Math.min(count, FEWEST));
    return fit === undefined ? [] : [{ sounding, text, fit }];
  });
  const best = nearest(fits);
  if (best === undefined || best.fit.distance > FAR) return 'unknown';
  if (count >= ENOUGH || isLast) {
    const rival = nearest(fits.filter(({ text }) => !agree(text, best.text)));
    const isAlone = rival === undefined || rival.fit.distance >= best.fit.distance + MARGIN;
    if (best.fit.distance <= NEAR && isAlone) {
      const { id, onsetMs } = best.sounding;
      return { id, atMs: onsetMs + fromMs - best.fit.fromMs, knownAtMs: endMs };
    }
  }
  return isLast || count === MOST_FRAMES ? 'unknown' : 'wait';
}

/** The nearest recording; if several are equally near, the one with the longest text. */
function nearest<Found extends { readonly fit: Fit; readonly text: string }>(
  fits: readonly Found[],
): Found | undefined {
  const [first, ...others] = fits;
  if (first === undefined) return undefined;
  const least = others.reduce((best, each) => (each.fit.distance < best.fit.distance ? each : best), first);
  return fits.reduce((best, each) => {
    const isAsNear = each.fit.distance <= least.fit.distance + MARGIN && agree(each.text, least.text);
    return isAsNear && each.text.length > best.text.length ? each : best;
  }, least);
}

/** Whether one text equals the other or is its beginning, as with a recording that was cut. */
function agree(one: string, other: string): boolean {
  return `${one} `.startsWith(`${other} `) || `${other} `.startsWith(`${one} `);
}

/** Pairs of recordings that begin with the same sound but different words. */
export function soundAlike(soundings: readonly Sounding[]): readonly (readonly [Sounding, Sounding])[] {
  const firsts = placesOf(
    soundings.map((sounding) => ({ ...sounding, beginnings: sounding.beginnings.slice(0, 1) })),
  );
  return firsts.flatMap((one, i) =>
    firsts.slice(0, i).flatMap((other) => {
      if (agree(one.text, other.text)) return [];
      const frames = one.beginning.frames.filter(
        (_frame, k) => k >= one.beginning.at + 2 && (k - one.beginning.at) % 2 === 0,
      );
      const isAlike = (count: number) =>
        (fitOf(frames.slice(0, count), other.beginning, FEWEST)?.distance ?? Infinity) < NEAR + MARGIN;
      return isAlike(LOOKS[1]) && isAlike(MOST_FRAMES) ? [[other.sounding, one.sounding] as const] : [];
    }),
  );
}
