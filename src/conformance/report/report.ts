import type { TraceContext } from '../../wire/trace.ts';
import type { Observation, RequirementResult } from '../judge/result.ts';
import type { Tolerances } from '../judge/tolerances.ts';
import type { ReportedPart } from './part.ts';
import type { Outcome } from './outcomes.ts';

export { EXIT_CODES, type Outcome } from './outcomes.ts';

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
  /** The close code that the observer saw; absent for a call over HTTP. */
  readonly closeCode?: number;
  /** Milliseconds of audio that crossed the wire; 0 where their number is not known. */
  readonly audioMs: number;
  /** Bytes of audio that crossed the wire, where it is not known how long they take. */
  readonly audioBytes?: number | undefined;
}

/** How the program of a client ended in one play. Exit codes are not judged. */
export interface ProgramEnd {
  /** The name of the play. */
  readonly play: string;
  /** How it ended, in the words of traces. */
  readonly end: NonNullable<TraceContext['client']>;
  /** Present if it ended by itself. */
  readonly exitCode?: number;
  /** The signal that killed it, unless the runner did. */
  readonly signal?: string;
  /** The last lines that it wrote to standard error, without secrets. */
  readonly stderr: readonly string[];
  /** How many bytes it wrote there in total. */
  readonly stderrByteCount: number;
}

/** The single record from which every format is written (contract: Report). It holds no secrets. */
export interface Report {
  /** The version of this format. It changes when the meaning of a field changes, not when a field is added. */
  readonly schemaVersion: 1;
  /** The program that wrote it. */
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
    /** The dialect, or several separated by commas. */
    readonly dialect: string;
    /**
     * The edition of its service by which it was judged, several separated by commas; absent: as its documents have it.
     */
    readonly edition?: string;
    /** The URL, the command or the file. */
    readonly target: string;
  };
  /** The seed of everything that was generated. */
  readonly seed: number;
  /** How much was asked of the run: for a server `quick`, `full` or `live`. */
  readonly profile: string;
  /** Wall-clock time, ISO 8601. */
  readonly startedAt: string;
  /** Real milliseconds that the run took, or milliseconds of the recording. */
  readonly durationMs: number;
  /** The overall outcome. */
  readonly outcome: Outcome;
  /** The number of requirements with each verdict. */
  readonly summary: {
    /** Met whenever exercised. */
    readonly pass: number;
    /** A MUST that was broken. */
    readonly fail: number;
    /** A SHOULD that was broken. */
    readonly warn: number;
    /** The run should have exercised them and did not. */
    readonly notExercised: number;
    /** Optional and unused, or impossible to provoke from outside. */
    readonly notApplicable: number;
    /** Exercised, but what was seen does not decide. */
    readonly inconclusive: number;
    /** Broken, but known to the baseline or a deviation. */
    readonly excused: number;
  };
  /** One result for each chosen requirement. */
  readonly requirements: readonly RequirementResult[];
  /** Facts without a verdict. */
  readonly observations: readonly Observation[];
  /** Every connection and call. */
  readonly sessions: readonly SessionSummary[];
  /** For a client that the runner started. */
  readonly programs?: readonly ProgramEnd[];
  /** The tolerances that were applied. */
  readonly tolerances: Tolerances;
  /**
   * What kept the run from showing what it should, the most important cause first, each in a sentence; absent if none.
   */
  readonly causes?: readonly string[];
  /** What else the reader should know: an exhausted budget, a stale baseline entry, a retry. */
  readonly notes: readonly string[];
  /** Which part of a run this is, if it was shared out with `--shard`. */
  readonly shard?: ReportedPart;
}
