import { numberFrom } from '../../runtime/json/wanted-options.ts';
import type { Wanted } from '../../runtime/json/wanted.ts';
import type { Stall } from '../../runtime/stalls.ts';

const RANGE: Wanted = {
  what: 'two numbers, from and to',
  fits: (value) => Array.isArray(value) && value.length === 2 && value.every(Number.isFinite),
};

/**
 * How exact a server has to be where the documents give no number, or call one approximate. The report lists all of
 * them. Milliseconds are of audio unless stated otherwise; defaults are in brackets.
 */
export interface Tolerances {
  /** How far beyond the end of the audio sent so far a result may be (500). */
  readonly audioMs: number;
  /** How much two segments or words may overlap (50). */
  readonly overlapMs: number;
  /** About 15 words make a final (S0:56); one of more words than this is late (24). */
  readonly segmentWords: number;
  /** About 30 s of audio make a final (S0:56); one of more audio than this is late (45,000). */
  readonly segmentMs: number;
  /** A connection is established within 15 s of wall time (S2:27; 15,000). */
  readonly establishMs: number;
  /** The range of wall time in which a client that gives up after 15 s may do so (14,000 to 18,000). */
  readonly giveUpMs: readonly [number, number];
  /** A state, result or error comes within this wall time after the start (15,000). */
  readonly livenessMs: number;
  /**
   * A client waits at least this long for a confirmation, in wall time, before it gives up (3000). 5 s are common, and
   * on a busy machine a request after much audio is seen late.
   */
  readonly confirmationMs: number;
  /** How long a client or server has to answer Ping and Close, in wall time (5000). */
  readonly controlMs: number;
  /** The share of the words that may differ when the same audio is sent in another way, from 0 to 1 (0.5). */
  readonly wordErrorRate: number;
  /** How long silence must be before "no results" means anything (5000). */
  readonly silenceMs: number;
  /** The possible error of a measured wall time: timers fire early, and frames are seen late (100). */
  readonly measuringMs: number;
  /**
   * If the runner itself does nothing for longer than this in wall time, the trace notes a stall, whose whole length
   * counts as possible error (100).
   */
  readonly stallMs: number;
}

/** The defaults. */
export const TOLERANCES: Tolerances = {
  audioMs: 500,
  overlapMs: 50,
  segmentWords: 24,
  segmentMs: 45_000,
  establishMs: 15_000,
  giveUpMs: [14_000, 18_000],
  livenessMs: 15_000,
  confirmationMs: 3000,
  controlMs: 5000,
  wordErrorRate: 0.5,
  silenceMs: 5000,
  measuringMs: 100,
  stallMs: 100,
};

/** Whether a wall time exceeds a limit by more than the error of measurement. */
export function exceeds(ms: number, limitMs: number, { measuringMs }: Tolerances): boolean {
  return ms > limitMs + measuringMs;
}

/**
 * Whether a wall time reaches a limit, allowing for the error of measurement: a wait of 5 s may be measured as 4999 ms.
 */
export function reaches(ms: number, limitMs: number, { measuringMs }: Tolerances): boolean {
  return ms >= limitMs - measuringMs;
}

/**
 * Until when something may have been read late because of a stall. What came in meanwhile has to be read after it, which
 * takes as long as the stall itself on a busy machine.
 */
export function lateUntilMs({ fromMs, untilMs }: Stall, { measuringMs }: Tolerances): number {
  return untilMs + Math.max(measuringMs, untilMs - fromMs);
}

/** Whether something is dated in a stall of the observer, or so shortly after it that it may have been read late. */
export function isReadIn(stall: Stall, atMs: number, tolerances: Tolerances): boolean {
  return atMs > stall.fromMs && atMs <= lateUntilMs(stall, tolerances);
}

/** What a tolerance in an option has to be. */
export const TOLERANCES_WANTED: Readonly<Record<string, Wanted>> = Object.fromEntries(
  Object.entries(TOLERANCES).map(([name, value]) => [
    name,
    typeof value === 'number' ? numberFrom(0) : RANGE,
  ]),
);
