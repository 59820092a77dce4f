import type { TraceContext } from '../../wire/trace.ts';
import type { Observation, RequirementResult } from '../judge/result.ts';
import type { Tolerances } from '../judge/tolerances.ts';

/**
 * What a run comes to. `incomplete`: no violation, but a MUST was not exercised or not decided, or the run was cut short.
 * `stale-baseline`: an entry of the baseline has expired, or is no longer needed.
 */
export type Outcome = 'conforming' | 'violations' | 'incomplete' | 'stale-baseline' | 'harness-error';

/** The exit code of the command for each outcome; 2, for wrong usage, has none. */
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
  /** The name of the play. */
  readonly play: string;
  /** The id of the session in the trace of the play. */
  readonly session: string;
  /** The trace as a file, with `--traces`. */
  readonly trace?: string;
  /** The close code that the observer ended up with; absent for a call over HTTP. */
  readonly closeCode?: number;
  /** Milliseconds of audio that crossed the wire. */
  readonly audioMs: number;
}

/** How the program of a client ended in one play. Exit codes are not judged: it may end as its users like it. */
export interface ProgramEnd {
  /** The name of the play. */
  readonly play: string;
  /** How it ended, as the trace has it. */
  readonly end: NonNullable<TraceContext['client']>;
  /** Present if it ended by itself. */
  readonly exitCode?: number;
  /** What killed it, unless the runner did. */
  readonly signal?: string;
  /** The last lines that it wrote to standard error, without secrets. */
  readonly stderr: readonly string[];
  /** How much it wrote there in all. */
  readonly stderrByteCount: number;
}

/** The one record from which every format is written (contract: Report). Nothing in it is secret. */
export interface Report {
  /** The version of this format. It changes when a field changes its meaning, not when one is added. */
  readonly schemaVersion: 1;
  /** What wrote it. */
  readonly tool: {
    /** Always this package. */
    readonly name: 'asr-understudy';
    /** The version of the package. */
    readonly version: string;
  };
  /** What was judged. */
  readonly subject: {
    /** A server, a client program, or a recording. */
    readonly kind: 'server' | 'client' | 'trace';
    /** The dialect, or several of them with commas between. */
    readonly dialect: string;
    /** The URL, the command or the file. */
    readonly target: string;
  };
  /** The seed of everything that was made up. */
  readonly seed: number;
  /** What was asked of the run: `quick`, `full` or `live` of a server. */
  readonly profile: string;
  /** Wall-clock time, ISO 8601. */
  readonly startedAt: string;
  /** Real milliseconds that the run took, or milliseconds of the recording. */
  readonly durationMs: number;
  /** What all of it comes to. */
  readonly outcome: Outcome;
  /** The number of requirements with each verdict. */
  readonly summary: {
    /** Kept whenever it was exercised. */
    readonly pass: number;
    /** A MUST that was broken. */
    readonly fail: number;
    /** A SHOULD that was broken. */
    readonly warn: number;
    /** The run should have exercised them and did not. */
    readonly notExercised: number;
    /** Optional and unused, or not to be provoked from outside. */
    readonly notApplicable: number;
    /** Exercised, and what was seen does not decide. */
    readonly inconclusive: number;
    /** Broken, and known to the baseline or to a deviation. */
    readonly excused: number;
  };
  /** One result for each requirement that was chosen. */
  readonly requirements: readonly RequirementResult[];
  /** What was noticed and has no verdict. */
  readonly observations: readonly Observation[];
  /** Every connection and call. */
  readonly sessions: readonly SessionSummary[];
  /** Of a client that the runner started. */
  readonly programs?: readonly ProgramEnd[];
  /** The tolerances that were applied. */
  readonly tolerances: Tolerances;
  /** What kept the run from showing what it should, the one that matters most first, each in a sentence; absent for none. */
  readonly causes?: readonly string[];
  /** What the reader should know besides: a budget that was reached, a stale entry of the baseline, a retry. */
  readonly notes: readonly string[];
}
