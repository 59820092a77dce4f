import type { BudgetLimits, Cost } from './player/budget.ts';

/** What a run is doing, for whoever watches it. */
export type Progress = ServerProgress | ClientProgress;

export type ServerProgress =
  | {
      readonly kind: 'plan';
      readonly target: string;
      /** So many of all that there are, what they cost, and so many generated sessions. */
      readonly probes: number;
      readonly of: number;
      readonly cost: Cost;
      readonly runs: number;
      readonly budget: BudgetLimits;
    }
  | {
      readonly kind: 'played';
      readonly name: string;
      readonly done: number;
      readonly of: number;
      readonly spent: Cost & { readonly timeMs: number };
    }
  /** A generated session that broke a requirement is being made smaller. */
  | { readonly kind: 'shrinking'; readonly id: string };

export type ClientProgress =
  | {
      readonly kind: 'scenarios';
      readonly dialect: string;
      readonly of: number;
      readonly concurrency: number;
      readonly timeoutMs: number;
    }
  /** `waiting`, `connected`: of a client that somebody else starts. `ended`: a scenario is over, so many of so many. */
  | {
      readonly kind: 'waiting' | 'connected' | 'ended';
      readonly name: string;
      readonly done: number;
      readonly of: number;
    };
