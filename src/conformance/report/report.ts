import type { TraceContext } from '../../wire/trace.ts';
import type { Observation, RequirementResult } from '../judge/result.ts';
import type { Tolerances } from '../judge/tolerances.ts';

/** What a run comes to, worst first in the order of exit codes 5, 2, 4, 1, 3, 0. */
export type Outcome = 'conforming' | 'violations' | 'incomplete' | 'stale-baseline' | 'harness-error';

export const EXIT_CODES: Readonly<Record<Outcome, number>> = {
  conforming: 0,
  violations: 1,
  incomplete: 3,
  'stale-baseline': 4,
  'harness-error': 5,
};

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
