import type { Requirement } from '../../protocol/requirement.ts';

/**
 * The result of a requirement. `excused`: broken, but known to the baseline or a deviation. `not-exercised`: the run
 * should have brought it about and did not. `not-applicable`: it is about something optional that this peer never does,
 * or that cannot be provoked. `inconclusive`: it was exercised, but what was seen does not decide.
 */
export type Verdict =
  | 'pass'
  | 'fail'
  | 'warn'
  | 'not-exercised'
  | 'not-applicable'
  | 'inconclusive'
  | 'excused';

/** One row of the report. Paths are relative to the folder of traces. */
export interface RequirementResult {
  /** The permanent id of the requirement, such as `SX-FIN-014`. */
  readonly id: string;
  /** How binding it is. */
  readonly level: Requirement['level'];
  /** The side that has to meet it. */
  readonly side: Requirement['side'];
  /** Its result. */
  readonly verdict: Verdict;
  /** The number of occasions on which it could have failed. */
  readonly exercised: number;
  /** The number of those on which it was broken or doubtful; absent if 0. */
  readonly broken?: number;
  /**
   * How many milliseconds the plays took in which it was exercised: the cost of checking it. Absent in older reports.
   */
  readonly durationMs?: number;
  /** The reading of the documents that the peer follows, where they leave room. */
  readonly reading: string | null;
  /** The places in the documents that require it. */
  readonly source: Requirement['source'];
  /** The requirement in one sentence. */
  readonly statement: string;
  /** What should have been seen on the worst occasion, in words. */
  readonly expected?: string;
  /** What was seen instead. */
  readonly actual?: string;
  /** Why it was not exercised, decided or judged a failure. */
  readonly reason?: string;
  /** For an inconclusive one: the broken requirement that it rests on. */
  readonly cause?: string;
  /** The name of the play that shows it. */
  readonly play?: string;
  /** The events of that play that prove it: lines after the header of its trace, from 0. */
  readonly evidence?: readonly number[];
  /** Events of other plays that are needed to prove it, such as the other reading of a mixture. */
  readonly also?: readonly {
    /** The name of the play. */
    readonly play: string;
    /** The events in it, as above. */
    readonly evidence: readonly number[];
  }[];
  /** The trace of that play as a file, with `--traces`. */
  readonly trace?: string;
  /** The smallest generated scenario that shows it. */
  readonly scenario?: string;
  /** How often the counterexample failed again: `3/3`, `1/3 flaky`, or `not repeated` for lack of time. */
  readonly determinism?: string;
  /**
   * Set if there was not enough time to shrink the counterexample: `no` if it is as it was found, `partly` if it is smaller.
   */
  readonly shrunk?: 'no' | 'partly';
  /** A command that repeats it. */
  readonly repro?: string;
  /** A sequence diagram of the counterexample in text, the violating line marked. */
  readonly diagram?: string;
}

/** A fact in reports that has no verdict. */
export interface Observation {
  /** Its permanent id, such as `SX-I02`. */
  readonly id: string;
  /** What was seen, in a sentence. */
  readonly text: string;
}
