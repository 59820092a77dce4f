import type { SocketDialect } from '../protocol/dialects.ts';
import type { Fields } from '../runtime/json/fields.ts';
import type { Shard } from '../runtime/shard.ts';
import type { Buckets, Percentiles } from './histogram.ts';

/** Times that are measured, in milliseconds. */
export const TIMES = {
  lateness: 'how late the generator was with what it had to send',
  handshake: 'from when a session was due to the answer to its upgrade',
  'first-result': 'from the beginning of the audio to the first text',
  'partial-lag': 'how far partials were behind their audio',
  'final-lag': 'how far finals were behind their audio',
  confirmation: 'from a flush to its confirmation',
} as const;

/** The name of a measured time. */
export type TimeName = keyof typeof TIMES;

/** Things that are counted. */
export const COUNTS = {
  due: 'sessions that were due',
  started: 'sessions that were begun',
  opened: 'sessions that were accepted',
  refused: 'upgrades that were refused',
  failed: 'connections that failed before an answer',
  'own-failures': 'connections for which this machine had no room',
  'closed-early': 'sessions that the server ended',
  reconnects: 'connections in place of one that the server ended',
  errors: 'messages that report an error',
  results: 'partials and finals',
  finals: 'finals',
  'lost-finals': 'segments that had partials and no final, and sessions with speech and no result',
} as const;

/** The name of a count. */
export type CountName = keyof typeof COUNTS;
/** All counts. */
export type Counts = Readonly<Record<CountName, number>>;

/** How often a time was measured, and its distribution. */
export interface Measured {
  /** How many there were. */
  readonly count: number;
  readonly percentiles?: Percentiles | undefined;
  readonly buckets: Buckets;
}

/** A stretch of the run. */
export interface Stretch {
  /** Where it begins, in milliseconds of the run. */
  readonly atMs: number;
  readonly started: number;
  /** The most sessions that were open at the same time. */
  readonly open: number;
  readonly times: Readonly<Record<TimeName, Buckets>>;
}

/**
 * How a run ended. `kept`: every objective is met. `broken`: one is not. `late`: the generator could not keep up, so
 * that nothing can be said of the server. `not-opened`: no session was accepted. `incomplete`: it was stopped, a part
 * is missing, or an objective is about something that was never seen.
 */
export type LoadOutcome = 'kept' | 'broken' | 'late' | 'not-opened' | 'incomplete';

/** The exit code of the command for each outcome. */
export const LOAD_EXIT_CODES: Readonly<Record<LoadOutcome, number>> = {
  kept: 0,
  broken: 1,
  late: 3,
  'not-opened': 3,
  incomplete: 3,
};

/** An objective, and what came of it. */
export interface Judged {
  /** As it was given. */
  readonly slo: string;
  /** In milliseconds, a number or a share from 0 to 1; undefined where nothing was measured. */
  readonly value?: number | undefined;
  readonly verdict: 'kept' | 'broken' | 'not-measured';
}

/** What was asked for: the same in all parts of a run. */
export interface LoadTerms {
  readonly perSecond: number;
  readonly holdMs: number;
  readonly forMs: number;
  readonly from?: string | undefined;
  /** Parameters that every session has in addition to its own: in its request, and in its start command. */
  readonly query?: Readonly<Record<string, string>> | undefined;
  readonly start?: Fields | undefined;
  readonly slos: readonly string[];
}

/** The record of a load, from which every format is written. It holds no secrets. */
export interface LoadReport {
  readonly schemaVersion: 1;
  readonly kind: 'load';
  readonly tool: { readonly name: 'asr-understudy'; readonly version: string };
  readonly subject: {
    readonly dialect: SocketDialect;
    /** How the service behaves, if not as its documents say. */
    readonly edition?: string | undefined;
    readonly target: string;
  };
  readonly startedAt: string;
  readonly durationMs: number;
  readonly terms: LoadTerms;
  readonly shard?: Shard | undefined;
  readonly outcome: LoadOutcome;
  /** Why it is what it is, in sentences. */
  readonly causes: readonly string[];
  readonly slos: readonly Judged[];
  readonly counts: Counts;
  /** By status. */
  readonly refusals: Readonly<Record<string, number>>;
  /** By the code of the system. */
  readonly failures: Readonly<Record<string, number>>;
  /** By close code. */
  readonly closes: Readonly<Record<string, number>>;
  readonly times: Readonly<Record<TimeName, Measured>>;
  readonly stretchMs: number;
  readonly timeline: readonly Stretch[];
  /** Whether it was stopped before its end. */
  readonly isStopped: boolean;
}
