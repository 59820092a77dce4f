/**
 * How exact a server has to be where the documents give no number, or one that they call approximate. All of them are
 * printed in the report. Milliseconds are of audio, unless it says otherwise.
 */
export interface Tolerances {
  /** So much later than the audio that was sent a result may claim to be. */
  readonly audioMs: number;
  /** So much two segments or words may overlap. */
  readonly overlapMs: number;
  /** About 15 words make a final (S0:56); above so many it is late. */
  readonly segmentWords: number;
  /** About 30 s of audio make a final (S0:56); above so much it is late. */
  readonly segmentMs: number;
  /** A connection is established within 15 s (S2:27), of wall time. */
  readonly establishMs: number;
  /** A client that gives up at 15 s is accepted from here to here (wall time). */
  readonly giveUpMs: readonly [number, number];
  /** A sign of life after the start, of wall time. */
  readonly livenessMs: number;
  /**
   * A client that gives up a confirmation has waited for it so long, of wall time. 5 s are common, and a request that
   * follows much audio is seen late on a busy machine.
   */
  readonly confirmationMs: number;
  /** So long a client or server is given to answer Ping and Close, of wall time. */
  readonly controlMs: number;
  /** Of the words of the same audio sent in another way, so many may differ: 0 none, 1 all. */
  readonly wordErrorRate: number;
  /** Silence must be at least so long before "no results" means anything. */
  readonly silenceMs: number;
  /** So much a wall time may be measured too long or too short: timers fire early, and frames are seen late. */
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
