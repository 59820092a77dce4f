import { UserError } from '../runtime/errors.ts';
import type { ManualClock } from '../runtime/clock.ts';
import type { TraceEvent } from '../wire/trace.ts';
import { serverUrls, type ServerUrls } from './addresses.ts';
import type { Parts } from './assemble.ts';
import { partsOf, type ResetParts } from './control/reset.ts';
import { isLoopback } from './loopback.ts';
import type { Session } from './open-session.ts';
import { scenariosOf } from './options.ts';
import type { Service } from './rest/service.ts';
import { noSuch } from './selection/selection.ts';
import type { NextOptions } from './session/handout.ts';
import type { Refusal } from './upgrade/refusal.ts';

/** A running fake of both services. */
export interface MockServer extends AsyncDisposable {
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
  /** Forgets what tests did: open connections (closed with 1001), journal, assignments, state of the service. */
  reset(parts?: ResetParts): Promise<void>;
  /** Scenario time. `advance` throws a UserError unless the server was started with `clock: 'manual'`. */
  readonly clock: ManualClock;
  /** The realtime service behind the Scriptix REST API. */
  readonly service: Service;
  /** Closes all connections with 1001 and stops listening. */
  stop(): Promise<void>;
}

export interface JournalView {
  /** The ids of what is remembered: connections, then HTTP requests, each in the order in which they came. */
  readonly ids: readonly string[];
  /** What one of them did; nothing for an unknown one. */
  events(id: string): readonly TraceEvent[];
  /** Whether nothing is going to be added to it. */
  isOver(id: string): boolean;
}

/** How long sessions have to end when the server stops or forgets them, in real time. */
export const STOP_TIMEOUT_MS = 2000;

/** What a test holds of a server that listens on `port`. */
export function faceOf(parts: Parts, port: number, stop: () => Promise<void>): MockServer {
  const { options, catalog, assignments, selection, host, handshakes, journal, refusals, service } = parts;
  return {
    urls: serverUrls(options.tls !== undefined, options.host, port),
    hasControl: isLoopback(options.host) || options.controlToken !== undefined,
    get sessions() {
      return host.sessions;
    },
    get waitingUpgrades() {
      return handshakes.size;
    },
    nextSession: (given) => host.nextSession(given),
    get refusals() {
      return refusals.all;
    },
    nextRefusal: (given) => refusals.next(given),
    session: (id) => sessionOf(parts, id),
    journal: {
      get ids() {
        return [...journal.connections, ...journal.requests].map(({ id }) => id);
      },
      events: (id) => journal.get(id)?.events() ?? [],
      isOver: (id) => journal.get(id)?.isOver ?? true,
    },
    assign(token, scenario) {
      if (scenario === undefined) return void assignments.delete(token);
      if (!selection.hasName(scenario)) throw new UserError(`assign(): ${noSuch(scenario, catalog)}`);
      if (!assignments.set(token, scenario)) throw new UserError('assign(): there are too many assignments');
    },
    async setScenario(scenario) {
      await parts.defaults.replace(scenariosOf(scenario));
      selection.reset();
      parts.rest.reset();
    },
    reset: (given) => forget(parts, given),
    clock: parts.movable,
    service,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** A connection by its id: an open one, or one that has ended and is in the journal. */
export function sessionOf({ host, journal }: Parts, id: string): Session | undefined {
  return host.find(id) ?? journal.get(id)?.session;
}

/** Forgets what tests did, in the order of RESET_PARTS. */
export async function forget(parts: Parts, given: ResetParts = {}): Promise<void> {
  const { host, handshakes, refusals, journal, assignments, selection, service, rest } = parts;
  for (const part of partsOf(given)) {
    if (part === 'sessions') {
      handshakes.endAll();
      refusals.clear('the server was reset before an upgrade was refused');
      await host.endAll(STOP_TIMEOUT_MS);
    }
    if (part === 'journal') journal.clear();
    if (part === 'assignments') {
      assignments.clear();
      selection.reset();
    }
    if (part === 'service') {
      service.reset();
      rest.reset();
    }
  }
}
