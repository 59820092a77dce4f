import type { ManualClock } from '../runtime/clock.ts';
import type { TraceEvent } from '../wire/trace.ts';
import type { ServerUrls } from './addresses.ts';
import type { ResetParts } from './control/reset.ts';
import type { Usage } from './journal/usage.ts';
import type { Session } from './open-session.ts';
import type { Service } from './rest/service.ts';
import type { NextOptions } from './session/handout.ts';
import type { Verification, VerifyOptions } from './verify/verifier.ts';
import type { Expectation } from './verify/verify.ts';
import type { Refusal } from './upgrade/refusal.ts';

/** A running fake of both services. */
export interface MockServer extends AsyncDisposable {
  /** Where clients connect to. */
  readonly urls: ServerUrls;
  /** Whether there is a control API: not on an address that others reach without a `controlToken`. */
  readonly hasControl: boolean;
  /** The connections that are open. */
  readonly sessions: readonly Session[];
  /** How many upgrades a scenario keeps waiting for their answer. The journal has them when they are over. */
  readonly waitingUpgrades: number;
  /**
   * The oldest connection that was not handed out yet, or the next one to come. Rejects when none comes in time, and when
   * the server is reset or stops.
   */
  nextSession(options?: NextOptions): Promise<Session>;
  /** The upgrades that were refused, the latest 1000 of them. */
  readonly refusals: readonly Refusal[];
  /** The oldest refused upgrade that was not handed out yet, or the next one; see `nextSession()`. */
  nextRefusal(options?: NextOptions): Promise<Refusal>;
  /** A connection by its id: an open one, or one that has ended and is in the journal. */
  session(id: string): Session | undefined;
  /**
   * Whether clients have done what is expected of them: how often, on which connections, and what came nearest where they
   * have not. Waits at most `withinMs` of real time for it (0). Throws unless there are 1 to 50 expectations.
   */
  verify(expectations: readonly Expectation[], options?: VerifyOptions): Promise<Verification>;
  /**
   * How much audio was heard since the start or the last reset, by token and scenario, and what it would have cost at
   * `pricePerMinute`. Open connections count, too. Tokens are stand-ins, as in traces; with a token, only its own.
   */
  usage(token?: string): Usage;
  /** What is remembered of all connections and plain HTTP requests (`h1`, `h2`, …), without secrets. */
  readonly journal: JournalView;
  /**
   * Gives the connections with a token a scenario from now on; undefined takes it back.
   *
   * @throws UserError for a scenario that does not exist.
   */
  assign(token: string, scenario: string | undefined): void;
  /**
   * From now on, the scenario for connections and calls that select none, as the option `scenario` has it; undefined for
   * the life that the documents describe. What is open stays as it is; attempts are counted from the start.
   *
   * @throws UserError for a scenario that does not exist, and for a file with mistakes.
   */
  setScenario(scenario: string | readonly string[] | undefined): Promise<void>;
  /**
   * Adds a scenario for connections from now on, from text (YAML or JSON) or as an object, and replaces the one of the
   * same name and dialect. It is kept in memory, until it is removed or the server is reset.
   *
   * @throws UserError with all mistakes of the scenario, for a name of another form than `drop-mid-word`, and beyond
   * 1000 scenarios or 16 MiB.
   */
  addScenario(name: string, scenario: string | Readonly<Record<string, unknown>>): Promise<void>;
  /** Removes a scenario that was added; one of the same name in a file is there again. Returns whether there was one. */
  removeScenario(name: string): boolean;
  /**
   * Forgets what tests did: open connections (closed with 1001), journal, assignments, scenarios that were added or set,
   * state of the service, custom models.
   */
  reset(parts?: ResetParts): Promise<void>;
  /** Scenario time. `advance` throws a UserError unless the server was started with `clock: 'manual'`. */
  readonly clock: ManualClock;
  /** The realtime service behind the Scriptix REST API. */
  readonly service: Service;
  /** Closes all connections with 1001 and stops listening; with `drainMs`, lets them end by themselves first. */
  stop(): Promise<void>;
}

/** The journal of a running fake: what it remembers, read only. */
export interface JournalView {
  /** The ids of what is remembered: connections, then HTTP requests, each in the order in which they came. */
  readonly ids: readonly string[];
  /** What one of them did; nothing for an unknown one. */
  events(id: string): readonly TraceEvent[];
  /** Whether nothing is going to be added to it. */
  isOver(id: string): boolean;
  /** The events, since the fake started, of connections and requests that are no longer remembered. */
  readonly forgottenEvents: number;
}
