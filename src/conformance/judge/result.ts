import type { Requirement } from '../../protocol/requirement.ts';

/**
 * What became of a requirement. `excused`: broken, and the baseline or a deviation says that this is known.
 * `not-exercised`: the run should have brought it about and did not. `not-applicable`: it is about something optional
 * that this subject never does, or that cannot be provoked. `inconclusive`: it came to it, and what was seen does not
 * decide.
 */
export type Verdict =
  'pass' | 'fail' | 'warn' | 'not-exercised' | 'not-applicable' | 'inconclusive' | 'excused';

/** One row of the report. Paths are relative to the folder of traces. */
export interface RequirementResult {
  /** The permanent id of the requirement, such as `SX-FIN-014`. */
  readonly id: string;
  /** How binding it is. */
  readonly level: Requirement['level'];
  /** Who has to keep it. */
  readonly side: Requirement['side'];
  /** What became of it. */
  readonly verdict: Verdict;
  /** The occasions on which it could have failed. */
  readonly exercised: number;
  /** On how many of them it was broken or doubtful; absent for none. */
  readonly broken?: number;
  /** Milliseconds that the plays took in which it was exercised: what it cost to look at it. Absent in older reports. */
  readonly durationMs?: number;
  /** Which reading of the documents the subject follows, where they leave room. */
  readonly reading: string | null;
  /** Where the documents ask for it. */
  readonly source: Requirement['source'];
  /** What is asked, in one sentence. */
  readonly statement: string;
  /** What should have been seen on the worst occasion, in words. */
  readonly expected?: string;
  /** What was seen instead. */
  readonly actual?: string;
  /** Why it was not exercised, not decided or excused. */
  readonly reason?: string;
  /** Of one that is inconclusive: the more basic requirement that is broken by what it rests on. */
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
  /** How often the counterexample failed when it was repeated: `3/3`, `1/3 flaky`, or `not repeated` for lack of time. */
  readonly determinism?: string;
  /** The time for making the counterexample smaller was not enough: `no`, it is as it was found; `partly`, it is smaller. */
  readonly shrunk?: 'no' | 'partly';
  /** A command that shows it again. */
  readonly repro?: string;
  /** A sequence diagram of the counterexample in text, the violating line marked. */
  readonly diagram?: string;
}

/** Something that reports mention and that has no verdict. */
export interface Observation {
  /** Its permanent id, such as `SX-I02`. */
  readonly id: string;
  /** What was seen, in a sentence. */
  readonly text: string;
}
