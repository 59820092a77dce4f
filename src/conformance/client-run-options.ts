import type { Dialect } from '../protocol/dialects.ts';
import type { EditionNames } from '../protocol/editions.ts';
import type { Shard } from '../runtime/shard.ts';
import type { FakeAddresses, StartFake } from './client/fake.ts';
import type { BaselineEntry } from './judge/baseline.ts';
import type { Tolerances } from './judge/tolerances.ts';
import type { ClientProgress } from './progress.ts';

/** Options for judging a client. All but the first three have defaults. */
export interface ClientRunOptions {
  readonly dialect: Dialect;
  /** The editions of the services that the fake plays and in which clients are judged (`documents`). */
  readonly editions?: Partial<EditionNames> | undefined;
  /** Starts the fake service that the client meets. */
  readonly startFake: StartFake;
  /** A program and its arguments, run once for every scenario; `attach` for a client that is started externally. */
  readonly client:
    | {
        readonly kind: 'command';
        readonly command: string;
        readonly args: readonly string[];
        readonly reportsOn?: 'fd3' | 'stdout';
      }
    | { readonly kind: 'attach'; readonly onAddresses: (addresses: FakeAddresses) => void };
  /** Names or files of scenarios, instead of the bundled ones. */
  readonly scenarios?: readonly string[] | undefined;
  /** The time limit of a program for one scenario, in real time (30 s). */
  readonly timeoutMs?: number | undefined;
  /**
   * The time limit of the run, in real time (none): after it, running programs are ended and no more scenarios are
   * started.
   */
  readonly maxTimeMs?: number | undefined;
  /** How much of that passed before the run, such as for starting its process (0). */
  readonly spentMs?: number | undefined;
  /**
   * The maximum number of programs at the same time (4 per core, at most 16); they spend nearly all of their time
   * waiting.
   */
  readonly concurrency?: number | undefined;
  /** Plays only this part of the scenarios; `conformance merge` judges all parts together. */
  readonly shard?: Shard | undefined;
  readonly token?: string | undefined;
  /** The path of a file, or the name of a bundled recording. */
  readonly audio?: string | undefined;
  readonly language?: string | undefined;
  /** The URL that stream mode plays (a bundled recording that the runner serves under a signed URL). */
  readonly streamUrl?: string | undefined;
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly seed?: number | undefined;
  readonly deviations?: readonly string[];
  readonly baseline?: readonly BaselineEntry[] | undefined;
  /** The path of the baseline, for the command that repeats a finding. */
  readonly baselineFile?: string | undefined;
  readonly strict?: boolean;
  /** Names of headers, parameters and fields that are secrets, in addition to the known ones. */
  readonly redact?: readonly string[];
  readonly tolerances?: Partial<Tolerances>;
  /** The environment that the program inherits. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ClientProgress) => void;
}

/** The default token: it has characters that a URL must encode, but only such as headers and subprotocols allow. */
export const TOKEN = 'understudy%2Fclient&key+1';
