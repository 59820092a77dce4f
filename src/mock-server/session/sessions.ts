import type { Life } from '../../protocol/dialects.ts';
import type { Arrival } from '../journal/http.ts';
import type { Use } from '../journal/usage.ts';
import type { Session } from '../open-session.ts';
import type { Elsewhere } from '../upgrade/elsewhere.ts';
import type { Connection } from '../upgrade/connection.ts';
import type { NextOptions } from './handout.ts';

/** A scenario that connections play. */
export interface PlayedScenario {
  readonly name: string;
  readonly life: Life;
}

/** Holds the connections of one server, in this process or in others. */
export interface Sessions {
  /** How many connections are open. */
  readonly size: number;
  /** The connections that are open in this process. */
  readonly sessions: readonly Session[];
  /** What was heard on the connections that are open in this process. */
  readonly uses: readonly Use[];
  /** Whether no more connections are opened. */
  readonly isDraining: boolean;
  /** The oldest connection of this process that was not handed out yet, or else the next one that opens. */
  nextSession(options?: NextOptions): Promise<Session>;
  /** An open connection of this process. */
  find(id: string): Session | undefined;
  /**
   * `lines` are the headers of the answer to the request.
   *
   * @param given the id, if it was given elsewhere
   */
  open(connection: Connection, arrival: Arrival, lines: readonly string[], given?: string): void;
  /** Set if other processes have the connections: takes one that was admitted, before it is answered. */
  readonly elsewhere?: Elsewhere;
  /** Ends the connections that play an earlier version of a scenario, so that clients reconnect. */
  closePlaying(changed: readonly PlayedScenario[]): void;
  /**
   * Waits until all connections have ended by themselves, for at most `patienceMs` of real time. From now on
   * `isDraining` is true.
   */
  drain(patienceMs: number): Promise<void>;
  /** Closes every connection with 1001; those that have not ended after `patienceMs` of real time are cut. */
  stop(patienceMs: number): Promise<void>;
  /** Does the same for the connections that are open now, and forgets the sessions that were not handed out. */
  endAll(patienceMs: number): Promise<void>;
}
