import { isFields, keysOf } from '../runtime/json/fields.ts';
import {
  ANYTHING,
  FUNCTION,
  listOf,
  numberFrom,
  objectOf,
  required,
  SWITCH,
  TEXT,
  TEXTS,
  wholeFrom,
} from '../runtime/json/wanted-options.ts';
import { oneOf, SIGNAL, type Wanted } from '../runtime/json/wanted.ts';
import { isShard, MOST_SHARDS, type Shard } from '../runtime/shard.ts';
import { listed } from '../runtime/text/listed.ts';
import { SCOPES, type Scope } from '../protocol/dialects.ts';
import type { EditionNames } from '../protocol/editions.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { BaselineEntry } from './judge/baseline.ts';
import type { BudgetLimits } from './player/budget.ts';
import type { Credentials } from './player/target.ts';
import type { Progress } from './progress.ts';
import { TOLERANCES_WANTED, type Tolerances } from './judge/tolerances.ts';

/**
 * How much a run does. `quick`: one session for each probe. `full`: generated sessions too. `live`: the probes at the
 * pace of speech, one after the other, within a budget; for a service that charges.
 */
export type Profile = 'quick' | 'full' | 'live';

/** Options for judging a server. All but the first two have defaults. */
export interface ConformanceOptions {
  /** What is judged: the service of a vendor, or a socket by itself. */
  readonly dialect: Scope;
  /** The editions of the services in which they are judged (`documents`). */
  readonly editions?: Partial<EditionNames> | undefined;
  /** The origin of its WebSockets, `ws://…` or `wss://…`; the documented paths are added. */
  readonly url: string;
  /** The origin of its REST API, `http://…` or `https://…` (the same host). */
  readonly apiUrl?: string | undefined;
  /** The credentials that may be presented to the server (none). */
  readonly credentials?: Credentials;
  /** The path of a WAVE file of speech to send instead of the bundled one. */
  readonly audio?: string | undefined;
  /** The text spoken in `audio`; the report then says how many words differ. */
  readonly transcript?: string | undefined;
  /** A base URL for the files of the bundled recordings; for servers on loopback the runner serves them itself. */
  readonly streamSource?: string | undefined;
  /** How much is done (full). */
  readonly profile?: Profile;
  /** How many times faster than real time audio is sent (20; with `live` 1). */
  readonly pace?: number | undefined;
  /** Ids of requirements to judge (all); probes that only other requirements need are not played. */
  readonly only?: readonly string[];
  /** Ids of requirements to leave out (none). */
  readonly skip?: readonly string[];
  /** Scenarios to play instead of the bundled probes. */
  readonly scenarios?: readonly Scenario[] | undefined;
  /** A whole number from 0 that determines the generated sessions (1). */
  readonly seed?: number | undefined;
  /** The number of generated sessions, whether or not a requirement needs them (60; with `quick` and `live` 0). */
  readonly runs?: number | undefined;
  /**
   * Plays only this part of the generated sessions, and all probes; `conformance merge` puts the parts together.
   * Refused with `live`, and where no sessions are generated.
   */
  readonly shard?: Shard | undefined;
  /**
   * Milliseconds of wall time for finding the smallest session that breaks a requirement (60,000); 0 turns this off.
   */
  readonly shrinkMs?: number | undefined;
  /** The maximum cost of the run (24 h of audio, 100,000 sessions, 1 h; with `live` 300 s, 120, 15 minutes). */
  readonly budget?: Partial<BudgetLimits>;
  /**
   * Milliseconds of wall time that count towards the limit of the run although they passed before it, such as those for
   * starting a process (0).
   */
  readonly spentMs?: number | undefined;
  /**
   * Permits `POST initialize` on a host other than this machine, which may start something that costs money (false).
   */
  readonly allowScale?: boolean;
  /** Names of deviations from the documents to accept, such as `reson8-confidence-logprob` (none). */
  readonly deviations?: readonly string[];
  /** Known failures: they are excused until they expire, and the run fails once they no longer occur (none). */
  readonly baseline?: readonly BaselineEntry[] | undefined;
  /** Whether a SHOULD counts as a MUST (false). */
  readonly strict?: boolean;
  /** Names of headers, parameters and fields that are secrets, in addition to the known ones (none). */
  readonly redact?: readonly string[] | undefined;
  /** Replaces some of the tolerances. */
  readonly tolerances?: Partial<Tolerances>;
  /** The paths of `scenarios` and `baseline`, for the command that repeats a finding. */
  readonly files?: {
    /** Paths, or names of bundled probes. */
    readonly scenarios?: readonly string[] | undefined;
    /** A path. */
    readonly baseline?: string | undefined;
  };
  /** How many plays run at the same time (6; with `live` 1). */
  readonly concurrency?: number;
  /** Ends the run early; what has been seen by then is judged, and the report is `incomplete`. */
  readonly signal?: AbortSignal;
  /** Called with the progress of the run. */
  readonly onProgress?: (progress: Progress) => void;
}

/** What a profile sets unless an option says otherwise. */
export interface ProfileDefaults {
  readonly pace: number;
  readonly runs: number;
  readonly concurrency: number;
  readonly budget: BudgetLimits;
}

/** Wall time; a server that keeps its clients waiting makes each session long. */
export const SHRINK_MS = 60_000;
const AMPLE: BudgetLimits = { audioMs: 24 * 3_600_000, sessions: 100_000, timeMs: 3_600_000 };
/** `live`: as many as the contract's examples, one connection after the other. */
export const PROFILES: Readonly<Record<Profile, ProfileDefaults>> = {
  quick: { pace: 20, runs: 0, concurrency: 6, budget: AMPLE },
  full: { pace: 20, runs: 60, concurrency: 6, budget: AMPLE },
  live: { pace: 1, runs: 0, concurrency: 1, budget: { audioMs: 300_000, sessions: 120, timeMs: 900_000 } },
};

const CREDENTIALS: Readonly<Record<keyof Credentials, Wanted>> = {
  ...{ valid: TEXT, admin: TEXT, user: TEXT, invalid: TEXT, isMadeUp: SWITCH },
};
const BUDGET: Readonly<Record<keyof BudgetLimits, Wanted>> = {
  ...{ audioMs: numberFrom(0), sessions: numberFrom(0), timeMs: numberFrom(0) },
};
const SCENARIOS = listOf('a list of scenarios', { name: TEXT, file: objectOf({}) });
const KNOWN_FAILURES = listOf('a list of known failures, each with its id and reason', {
  id: TEXT,
  reason: TEXT,
});
const PART: Wanted = {
  what: `a part, {"index": 1, "count": 3}, of at most ${MOST_SHARDS}`,
  fits: (value) =>
    isFields(value) && isShard({ index: Number(value['index']), count: Number(value['count']) }),
};

/** What each option has to be. */
export const OPTIONS_WANTED: Readonly<Record<keyof ConformanceOptions, Wanted>> = {
  dialect: required(oneOf(SCOPES)),
  url: required(urlOf(['ws:', 'wss:', 'http:', 'https:'])),
  ...{ editions: ANYTHING, apiUrl: urlOf(['http:', 'https:']), credentials: objectOf(CREDENTIALS) },
  ...{ audio: TEXT, transcript: TEXT, streamSource: urlOf(['http:', 'https:']) },
  ...{ profile: oneOf(keysOf(PROFILES)), pace: numberFrom(0.01), seed: wholeFrom(0), runs: wholeFrom(0) },
  ...{ only: TEXTS, skip: TEXTS, scenarios: SCENARIOS, shard: PART, shrinkMs: numberFrom(0) },
  ...{ budget: objectOf(BUDGET), spentMs: numberFrom(0), allowScale: SWITCH, deviations: TEXTS },
  ...{ baseline: KNOWN_FAILURES, strict: SWITCH, redact: TEXTS, tolerances: objectOf(TOLERANCES_WANTED) },
  ...{ files: objectOf({ scenarios: TEXTS, baseline: TEXT }), concurrency: wholeFrom(1) },
  ...{ signal: SIGNAL, onProgress: FUNCTION },
};

/** A URL with one of these protocols. It may hold a credential, so it is not repeated. */
function urlOf(protocols: readonly string[]): Wanted {
  return {
    what: `a URL that begins with ${listed(protocols.map((each) => `${each}//`))}`,
    fits: (value) =>
      typeof value === 'string' && URL.canParse(value) && protocols.includes(new URL(value).protocol),
  };
}
