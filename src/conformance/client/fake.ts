import type { Dialect } from '../../protocol/dialects.ts';
import type { EditionNames } from '../../protocol/editions.ts';
import type { RedactorOptions } from '../../wire/redact/redact.ts';
import type { TraceEvent } from '../../wire/trace.ts';

/** What a fake plays, and for whom. */
export interface FakeOptions {
  /** The scenario for every connection and call that does not select one itself: a name, `dialect/name`, or a file. */
  readonly scenario: string;
  readonly dialect: Dialect;
  /** How the services behave for connections and calls that name no edition. */
  readonly editions: EditionNames;
  readonly seed: number;
  /** The token that the client gets. */
  readonly token: string;
  /** Whether other tokens are refused, as by a real service; otherwise every token is accepted. */
  readonly isTokenRequired: boolean;
  /** What counts as a secret, and the stand-ins that all plays of a run share. */
  readonly redaction?: RedactorOptions;
}

/** The addresses that a client connects to (see ClientValues). */
export interface FakeAddresses {
  readonly url: string;
  readonly baseUrl: string;
  readonly apiUrl: string;
}

/** Connections, upgrades and calls since the scenario began. */
export interface FakeActivity {
  readonly begun: number;
  /** How many of them have not ended. */
  readonly open: number;
}

/**
 * A fake service on a port of its own. The runner does not know our fake, so that a mistake in one is not repeated in
 * the other; the caller supplies the fake.
 */
export interface Fake {
  readonly addresses: FakeAddresses;
  /** Milliseconds on the time axis of its events. */
  now(): number;
  readonly activity: FakeActivity;
  /** Plays another scenario on connections from now on. */
  play(scenario: string): Promise<void>;
  /**
   * Ends all open connections, and returns what was recorded since the scenario began: session by session, without
   * secrets and without this ending, which is not part of the scenario.
   * @param inHaste whether there is only time for the beginning of what a flood has left (false)
   */
  end(inHaste?: boolean): Promise<readonly TraceEvent[]>;
  /** Ends everything and frees the port. */
  stop(): Promise<void>;
}

/** @throws UserError for a scenario that cannot be played */
export type StartFake = (options: FakeOptions) => Promise<Fake>;
