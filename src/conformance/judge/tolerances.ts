/**
 * How exact a server has to be where the documents give no number, or one that they call approximate. The report has all
 * of them. Milliseconds are of audio unless stated otherwise; defaults are in brackets.
 */
export interface Tolerances {
  /** How much later than the end of the audio that was sent a result may claim to be (500). */
  readonly audioMs: number;
  /** How much two segments or words may overlap (50). */
  readonly overlapMs: number;
  /** About 15 words make a final (S0:56); one with more words than this is late (24). */
  readonly segmentWords: number;
  /** About 30 s of audio make a final (S0:56); one of more audio than this is late (45,000). */
  readonly segmentMs: number;
  /** A connection is established within 15 s of wall time (S2:27; 15,000). */
  readonly establishMs: number;
  /** A client that gives up at 15 s may do so from the first to the second, of wall time (14,000 to 18,000). */
  readonly giveUpMs: readonly [number, number];
  /** A sign of life comes within this wall time after the start (15,000). */
  readonly livenessMs: number;
  /**
   * A client waits at least this long for a confirmation before it gives up, of wall time (3000). 5 s are common, and a
   * request that follows much audio is seen late on a busy machine.
   */
  readonly confirmationMs: number;
  /** How long a client or server has to answer Ping and Close, of wall time (5000). */
  readonly controlMs: number;
  /** The part of the words that may differ when the same audio is sent in another way: 0 none, 1 all (0.5). */
  readonly wordErrorRate: number;
  /** How long silence must be before "no results" means anything (5000). */
  readonly silenceMs: number;
  /** By how much a wall time may be mismeasured: timers fire early, and frames are seen late (100). */
  readonly measuringMs: number;
}

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
};

/** Whether a wall time is longer than a limit, and not only for the way in which it was measured. */
export function exceeds(ms: number, limitMs: number, { measuringMs }: Tolerances): boolean {
  return ms > limitMs + measuringMs;
}

/** Whether a wall time is as long as a limit, as far as that can be measured: who waits for 5 s may be seen to wait 4999 ms. */
export function reaches(ms: number, limitMs: number, { measuringMs }: Tolerances): boolean {
  return ms >= limitMs - measuringMs;
}
