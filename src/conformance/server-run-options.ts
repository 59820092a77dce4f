import type { Vendor } from '../protocol/dialects.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { BaselineEntry } from './judge/baseline.ts';
import type { BudgetLimits } from './player/budget.ts';
import type { Credentials } from './player/target.ts';
import type { Progress } from './progress.ts';
import type { Tolerances } from './judge/tolerances.ts';

export type Profile = 'quick' | 'full' | 'live';

/** What a server is judged with. Everything but the first two has a default. */
export interface ConformanceOptions {
  readonly dialect: Vendor;
  /** The origin of its WebSockets: ws or wss. */
  readonly url: string;
  /** The origin of its REST API (the same host, http or https). */
  readonly apiUrl?: string | undefined;
  readonly credentials?: Credentials;
  /** A WAVE file of speech that is sent instead of the bundled one. */
  readonly audio?: string | undefined;
  /** What is said in `audio`: the report tells how many words differ. */
  readonly transcript?: string | undefined;
  /** A base URL with the files of the bundled recordings; the runner serves them itself to servers on loopback. */
  readonly streamSource?: string | undefined;
  readonly profile?: Profile;
  readonly pace?: number | undefined;
  /** Ids of requirements that are judged, and that are not. What they do not need is not played. */
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  /** Played instead of the bundled probes. */
  readonly scenarios?: readonly Scenario[] | undefined;
  readonly seed?: number;
  /** So many generated sessions, even if no requirement needs them. */
  readonly runs?: number | undefined;
  /** Milliseconds for making what they find smaller (60,000); with 0 it stays as it was found. */
  readonly shrinkMs?: number | undefined;
  readonly budget?: Partial<BudgetLimits>;
  readonly allowScale?: boolean;
  readonly deviations?: readonly string[];
  readonly baseline?: readonly BaselineEntry[];
  readonly strict?: boolean;
  /** Names of headers, parameters and fields that are secrets, besides those that are known. */
  readonly redact?: readonly string[] | undefined;
  readonly tolerances?: Partial<Tolerances>;
  /** Where `scenarios` and `baseline` were read, for the command that repeats a finding. */
  readonly files?: {
    readonly scenarios?: readonly string[] | undefined;
    readonly baseline?: string | undefined;
  };
  /** How many plays at the same time. */
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** What a profile sets, as far as nothing else is said. */
export interface ProfileDefaults {
  readonly pace: number;
  readonly runs: number;
  readonly concurrency: number;
  readonly budget: BudgetLimits;
}

/** Of wall time; a server that keeps its clients waiting makes each session long. */
export const SHRINK_MS = 60_000;
const AMPLE: BudgetLimits = { audioMs: 24 * 3_600_000, sessions: 100_000, timeMs: 3_600_000 };
/** Live: as much as the contract's examples, and one connection after the other. */
export const PROFILES: Readonly<Record<Profile, ProfileDefaults>> = {
  quick: { pace: 20, runs: 0, concurrency: 6, budget: AMPLE },
  full: { pace: 20, runs: 60, concurrency: 6, budget: AMPLE },
  live: { pace: 1, runs: 0, concurrency: 1, budget: { audioMs: 300_000, sessions: 100, timeMs: 900_000 } },
};
