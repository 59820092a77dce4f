import { WINDOW_MS } from './format.ts';

/**
 * Decides by energy alone which windows are speech. The threshold is 10 dB above the noise floor, but never below -50
 * dBFS (a silent room) nor above -35 dBFS (so that loud audio is always speech).
 */
export interface SpeechDetector {
  /** The noise floor: the lowest recent power; it rises by about 1 dB per second. */
  readonly floor: number;
  /** Consecutive windows above the threshold, while that is not yet speech. */
  readonly loud: number;
  readonly talking: boolean;
  /** Consecutive windows below it during speech. */
  readonly quiet: number;
}

/** Before any audio. */
export const UNHEARD: SpeechDetector = {
  floor: decibels(-45),
  loud: 0,
  talking: false,
  quiet: 0,
};

/** A click is shorter than this, a syllable longer. */
const ONSET_WINDOWS = 5;
/** A stop consonant or a syllable's end is shorter than this. */
const DIP_WINDOWS = 10;

const LOWEST_FLOOR = decibels(-60);
const HIGHEST_FLOOR = decibels(-45);
const FLOOR_RISE = decibels(WINDOW_MS / 1000);
const ABOVE_FLOOR = decibels(10);
const LOWEST_THRESHOLD = decibels(-50);
const HIGHEST_THRESHOLD = decibels(-35);

/** The result for a window. */
export interface Detected {
  readonly detector: SpeechDetector;
  /** Speech that is now certain: none, the window itself, or a whole onset with the window that confirms it. */
  readonly spokenMs: number;
  /** Milliseconds up to the window's end that may turn out to be the onset of speech. */
  readonly undecidedMs: number;
}

/**
 * Whether a window is speech in the middle of speech and so leaves the detector unchanged: the most common case by far.
 */
export function goesOn(detector: SpeechDetector, power: number): boolean {
  const { floor, talking, quiet, loud } = detector;
  return (
    talking && quiet === 0 && loud === 0 && power > thresholdOf(floor) && floorAfter(floor, power) === floor
  );
}

/**
 * Processes the power of the next window, 0 to 1. Continued speech and continued silence leave the detector unchanged.
 */
export function detect(detector: SpeechDetector, power: number): Detected {
  const floor = floorAfter(detector.floor, power);
  if (power <= thresholdOf(detector.floor)) {
    const quiet = detector.talking ? detector.quiet + 1 : 0;
    const talking = detector.talking && quiet < DIP_WINDOWS;
    return { detector: moved(detector, floor, talking, talking ? quiet : 0), spokenMs: 0, undecidedMs: 0 };
  }
  if (detector.talking) {
    return { detector: moved(detector, floor, true, 0), spokenMs: WINDOW_MS, undecidedMs: 0 };
  }
  const loud = detector.loud + 1;
  const loudMs = loud * WINDOW_MS;
  const talking = loud >= ONSET_WINDOWS;
  return {
    detector: { floor, loud, talking, quiet: 0 },
    spokenMs: talking ? loudMs : 0,
    undecidedMs: talking ? 0 : loudMs,
  };
}

function floorAfter(floor: number, power: number): number {
  return clamp(Math.min(power, floor * FLOOR_RISE), LOWEST_FLOOR, HIGHEST_FLOOR);
}

function thresholdOf(floor: number): number {
  return clamp(floor * ABOVE_FLOOR, LOWEST_THRESHOLD, HIGHEST_THRESHOLD);
}

function moved(before: SpeechDetector, floor: number, talking: boolean, quiet: number): SpeechDetector {
  const isSame = before.floor === floor && before.talking === talking && before.quiet === quiet;
  return isSame && before.loud === 0 ? before : { floor, loud: 0, talking, quiet };
}

function decibels(value: number): number {
  return 10 ** (value / 10);
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
