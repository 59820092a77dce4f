import type { Dialect } from '../../protocol/dialects.ts';
import type { RedactorOptions } from '../../wire/redact/redact.ts';
import type { TraceEvent } from '../../wire/trace.ts';

export interface FakeOptions {
  /** What is played on every connection and call that selects nothing itself: a name, `dialect/name`, or a file. */
  readonly scenario: string;
  readonly dialect: Dialect;
  readonly seed: number;
  /** The token that the client gets. */
  readonly token: string;
  /** Whether another token is refused, as a service would; else every token is good. */
  readonly isTokenRequired: boolean;
  /** What it calls secrets, and the stand-ins that all plays of a run share. */
  readonly redaction?: RedactorOptions;
}

/** Where a client connects to (see ClientValues). */
export interface FakeAddresses {
  readonly url: string;
  readonly baseUrl: string;
  readonly apiUrl: string;
}

/** Connections, upgrades and calls since the scenario began. */
export interface FakeActivity {
  readonly begun: number;
  /** How many of them are not over. */
  readonly open: number;
}

/**
 * A fake service on a port of its own. The runner does not know the fake that we have, so that what is wrong with one
 * of them is not wrong with both: whoever starts the runner brings it along.
 */
export interface Fake {
  readonly addresses: FakeAddresses;
  /** Milliseconds on the axis of its events. */
  now(): number;
  readonly activity: FakeActivity;
  /** Plays another scenario to whoever connects from now on. */
  play(scenario: string): Promise<void>;
  /**
   * Ends what is still open, and returns what was recorded since the scenario began: session by session, without
   * secrets, and without this end, which is no behaviour of the scenario's.
   */
  end(): Promise<readonly TraceEvent[]>;
  /** Ends everything and frees the port. */
  stop(): Promise<void>;
}

/** @throws UserError for a scenario that cannot be played */
export type StartFake = (options: FakeOptions) => Promise<Fake>;
