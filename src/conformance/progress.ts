import type { BudgetLimits, Cost } from './player/budget.ts';

/** What a run is doing, for a progress display. */
export type Progress = ServerProgress | ClientProgress;

/** From a run that judges a server. */
export type ServerProgress =
  /** Sent before anything is played, with what is planned. */
  | {
      readonly kind: 'plan';
      /** The URL of the server. */
      readonly target: string;
      /** Probes that will be played. */
      readonly probes: number;
      /** Probes that exist. */
      readonly of: number;
      /** What the probes will cost. */
      readonly cost: Cost;
      /** Generated sessions. */
      readonly runs: number;
      /** The limits of the run. */
      readonly budget: BudgetLimits;
    }
  /** A probe or a generated session has ended. */
  | {
      readonly kind: 'played';
      /** The name of the play. */
      readonly name: string;
      /** Plays of this kind that have ended, including this one. */
      readonly done: number;
      /** Plays of this kind that were planned. */
      readonly of: number;
      /** What the run has cost so far. */
      readonly spent: Cost & {
        /** Milliseconds of wall time. */
        readonly timeMs: number;
      };
    }
  /** A generated session that broke a requirement is being made smaller. */
  | {
      readonly kind: 'shrinking';
      /** The id of the requirement. */
      readonly id: string;
    };

/** From a run that judges a client. */
export type ClientProgress =
  /** Sent before anything is played, with what is planned. */
  | {
      readonly kind: 'scenarios';
      /** The dialect of the client. */
      readonly dialect: string;
      /** Scenarios that will be played. */
      readonly of: number;
      /** Clients at the same time. */
      readonly concurrency: number;
      /** The time limit of each client, in milliseconds. */
      readonly timeoutMs: number;
    }
  /** `waiting`, `connected`: about a client that is started externally. `ended`: a scenario has ended. */
  | {
      readonly kind: 'waiting' | 'connected' | 'ended';
      /** The name of the scenario. */
      readonly name: string;
      /** Scenarios that have ended. */
      readonly done: number;
      /** Scenarios that were planned. */
      readonly of: number;
    };
