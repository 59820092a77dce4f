import type { Requirement } from '../../protocol/requirement.ts';
import type { TraceContext, TraceEvent } from '../../wire/trace.ts';
import type { Tolerances } from '../judge/tolerances.ts';

/**
 * What became of a requirement. `excused`: broken, and the baseline or a deviation says that this is known.
 * `not-exercised`: the run should have brought it about and did not. `not-applicable`: it is about something optional
 * that this subject never does, or that cannot be provoked. `inconclusive`: it came to it, and what was seen does not
 * decide.
 */
export type Verdict =
  'pass' | 'fail' | 'warn' | 'not-exercised' | 'not-applicable' | 'inconclusive' | 'excused';

/** What a run comes to, worst first in the order of exit codes 5, 2, 4, 1, 3, 0. */
export type Outcome = 'conforming' | 'violations' | 'incomplete' | 'stale-baseline' | 'harness-error';

export const EXIT_CODES: Readonly<Record<Outcome, number>> = {
  conforming: 0,
  violations: 1,
  incomplete: 3,
  'stale-baseline': 4,
  'harness-error': 5,
};

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

/** One connection or call that was judged. */
export interface SessionSummary {
  /** The play and the session in it: `happy-path/s1`. */
  readonly name: string;
  readonly play: string;
  readonly session: string;
  readonly trace?: string;
  readonly closeCode?: number;
  readonly audioMs: number;
}

/** What was recorded of a play: the events that `play` and `evidence` of a result refer to. */
export interface RecordedPlay {
  readonly name: string;
  /** When it began, in milliseconds of the run; only of plays against one and the same service. */
  readonly beganMs?: number;
  readonly events: readonly TraceEvent[];
}

/** How the program of a client ended in one play. Exit codes are not judged: it may end as its users like it. */
export interface ProgramEnd {
  readonly play: string;
  readonly end: NonNullable<TraceContext['client']>;
  /** Where it ended by itself. */
  readonly exitCode?: number;
  /** What killed it, where that was not the runner. */
  readonly signal?: string;
  /** The last lines that it wrote to standard error, without secrets. */
  readonly stderr: readonly string[];
  /** How much it wrote there in all. */
  readonly stderrByteCount: number;
}

/** The one record from which every format is written (contract: Report). Nothing in it is secret. */
export interface Report {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: 'asr-understudy'; readonly version: string };
  readonly subject: {
    readonly kind: 'server' | 'client' | 'trace';
    readonly dialect: string;
    readonly target: string;
  };
  readonly seed: number;
  readonly profile: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly outcome: Outcome;
  readonly summary: {
    readonly pass: number;
    readonly fail: number;
    readonly warn: number;
    readonly notExercised: number;
    readonly notApplicable: number;
    readonly inconclusive: number;
    readonly excused: number;
  };
  readonly requirements: readonly RequirementResult[];
  readonly observations: readonly Observation[];
  readonly sessions: readonly SessionSummary[];
  /** Of a client that the runner started. */
  readonly programs?: readonly ProgramEnd[];
  readonly tolerances: Tolerances;
  /** What kept the run from showing what it should, the one that matters most first, each in a sentence; absent for none. */
  readonly causes?: readonly string[];
  /** What the reader should know besides: a budget that was reached, a stale entry of the baseline, a retry. */
  readonly notes: readonly string[];
}
