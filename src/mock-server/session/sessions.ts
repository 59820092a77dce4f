import type { Life } from '../../protocol/dialects.ts';
import type { Arrival } from '../journal/http.ts';
import type { Use } from '../journal/usage.ts';
import type { Session } from '../open-session.ts';
import type { Elsewhere } from '../upgrade/elsewhere.ts';
import type { Connection } from '../upgrade/upgrader.ts';
import type { NextOptions } from './handout.ts';

/** A scenario that connections play. */
export interface PlayedScenario {
  readonly name: string;
  readonly life: Life;
}

/** Holds the connections of one server, in this process or in others. */
export interface Sessions {
  /** How many are open. */
  readonly size: number;
  /** Those that are open in this process. */
  readonly sessions: readonly Session[];
  /** What was heard on those that are open in this process. */
  readonly uses: readonly Use[];
  /** Whether no more connections are to be opened. */
  readonly isDraining: boolean;
  /** The oldest connection of this process that was not handed out yet, or the next one to come. */
  nextSession(options?: NextOptions): Promise<Session>;
  /** An open connection of this process. */
  find(id: string): Session | undefined;
  /** `lines` are the headers of the answer to the request. */
  open(connection: Connection, arrival: Arrival, lines: readonly string[]): void;
  /** There if other processes have the connections: takes one that was admitted, before it is answered. */
  readonly elsewhere?: Elsewhere;
  /** Ends the connections that play an earlier version of a scenario: clients are to connect again. */
  closePlaying(changed: readonly PlayedScenario[]): void;
  /** Waits until all connections have ended by themselves, at most `patienceMs` of real time. From now on `isDraining`. */
  drain(patienceMs: number): Promise<void>;
  /** Closes every connection with 1001; what has not ended after `patienceMs` of real time is cut. */
  stop(patienceMs: number): Promise<void>;
  /** The same for those that are open now, and forgets the sessions that no one asked for. */
  endAll(patienceMs: number): Promise<void>;
}
