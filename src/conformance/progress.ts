import type { BudgetLimits, Cost } from './budget.ts';

/** What a run is doing, for whoever watches it. */
export type Progress =
  | {
      readonly kind: 'plan';
      readonly target: string;
      readonly probes: number;
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
