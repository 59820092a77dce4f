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
  readonly id: string;
  readonly level: Requirement['level'];
  readonly side: Requirement['side'];
  readonly verdict: Verdict;
  /** The occasions on which it could have failed. */
  readonly exercised: number;
  /** On how many of them it was broken, or kept only by half; absent when on none. */
  readonly broken?: number;
  /** Milliseconds that the plays took in which it was exercised: what it cost to look at it. Absent for a result of before. */
  readonly durationMs?: number;
  /** Which reading of the documents the subject follows, where they leave room. */
  readonly reading: string | null;
  readonly source: Requirement['source'];
  readonly statement: string;
  /** Why it is not a plain pass, in words: of the worst occasion, or the reason of not-exercised. */
  readonly expected?: string;
  readonly actual?: string;
  readonly reason?: string;
  /** Of one that is inconclusive: the more basic requirement that is broken by what it rests on. */
  readonly cause?: string;
  /** The play that shows it, and the places of the proving events in it: lines after the header of its trace, from 0. */
  readonly play?: string;
  readonly evidence?: readonly number[];
  /** Events of other plays that it takes besides, such as the other reading of a mixture. */
  readonly also?: readonly { readonly play: string; readonly evidence: readonly number[] }[];
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

/** Something that is told and scored by nobody. */
export interface Observation {
  readonly id: string;
  readonly text: string;
}
