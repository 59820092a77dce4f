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
  /**
   * Whether there is a control API. There is none on an address that other machines can reach, unless a `controlToken`
   * is set.
   */
  readonly hasControl: boolean;
  /** The connections that are open. */
  readonly sessions: readonly Session[];
  /** How many upgrades a scenario is keeping waiting for an answer. They are in the journal once they are over. */
  readonly waitingUpgrades: number;
  /**
   * The oldest connection that was not handed out yet, or else the next one that opens. Rejects when none comes in
   * time, and when the server is reset or stops.
   */
  nextSession(options?: NextOptions): Promise<Session>;
  /** The upgrades that were refused; the latest 1000. */
  readonly refusals: readonly Refusal[];
  /** The oldest refused upgrade that was not handed out yet, or the next one; see `nextSession()`. */
  nextRefusal(options?: NextOptions): Promise<Refusal>;
  /** A connection by its id: an open one, or one that has ended and is in the journal. */
  session(id: string): Session | undefined;
  /**
   * Whether clients have done what is expected of them: how often, on which connections, and what came nearest where
   * they have not. Waits for it, at most `withinMs` of real time (0). Throws unless there are 1 to 50 expectations.
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
   * Assigns a scenario to the connections with a token, from now on; undefined removes the assignment.
   *
   * @throws UserError for an unknown scenario.
   */
  assign(token: string, scenario: string | undefined): void;
  /**
   * Sets the scenario for connections and calls that select none, from now on, like the option `scenario`; undefined
   * for the documented behaviour. Open connections are not affected; attempts are counted from the start.
   *
   * @throws UserError for an unknown scenario, and for a file with mistakes.
   */
  setScenario(scenario: string | readonly string[] | undefined): Promise<void>;
  /**
   * Adds a scenario for connections from now on, from text (YAML or JSON) or an object. It replaces the one of the same
   * name and dialect, and is kept in memory until it is removed or the server is reset.
   *
   * @throws UserError with all mistakes in the scenario, for a name that is not of the form `drop-mid-word`, and beyond
   * 1000 scenarios or 16 MiB.
   */
  addScenario(name: string, scenario: string | Readonly<Record<string, unknown>>): Promise<void>;
  /**
   * Removes a scenario that was added, so that one of the same name in a file is used again. Returns whether there was
   * one.
   */
  removeScenario(name: string): boolean;
  /**
   * Forgets what tests did: open connections (closed with 1001), journal, assignments, scenarios that were added or
   * set, the state of the service, and custom models.
   */
  reset(parts?: ResetParts): Promise<void>;
  /** Scenario time. `advance` throws a UserError unless the server was started with `clock: 'manual'`. */
  readonly clock: ManualClock;
  /** The realtime service behind the Scriptix REST API. */
  readonly service: Service;
  /** Closes all connections with 1001 and stops listening. With `drainMs`, connections may first end by themselves. */
  stop(): Promise<void>;
}

/** The journal of a running fake: what it remembers, read only. */
export interface JournalView {
  /** The ids of what is remembered: connections, then HTTP requests, each in the order in which they came. */
  readonly ids: readonly string[];
  /** What one of them did; nothing for an unknown one. */
  events(id: string): readonly TraceEvent[];
  /** Whether nothing will be added to it any more. */
  isOver(id: string): boolean;
  /** The number of events, since the fake started, of connections and requests that are no longer remembered. */
  readonly forgottenEvents: number;
}
