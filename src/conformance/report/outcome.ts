import type { Outcome, Report } from './report.ts';
import type { RequirementResult } from '../judge/result.ts';
import { VERDICTS } from './verdicts.ts';

/** The number of requirements with each verdict. */
export function summaryOf(results: readonly RequirementResult[]): Report['summary'] {
  const summary = {
    pass: 0,
    fail: 0,
    warn: 0,
    notExercised: 0,
    notApplicable: 0,
    inconclusive: 0,
    excused: 0,
  };
  for (const { verdict, count } of VERDICTS) {
    summary[count] = results.filter((result) => result.verdict === verdict).length;
  }
  return summary;
}

/** What decides an outcome in addition to the results. */
export interface Circumstances {
  /** Baseline entries to remove. */
  readonly stale: readonly string[];
  /** Something planned was not played: the budget was exhausted, or the server cannot be reached. */
  readonly isCutShort: boolean;
  /** SHOULD counts as MUST. */
  readonly strict: boolean;
}

/** The outcome of a run (contract: exit codes; the highest in the order 4, 1, 3). */
export function outcomeOf(
  results: readonly RequirementResult[],
  { stale, isCutShort, strict }: Circumstances,
): Outcome {
  if (stale.length > 0) return 'stale-baseline';
  if (results.some(({ verdict }) => verdict === 'fail')) return 'violations';
  const isOpen = ({ level, verdict }: RequirementResult) =>
    (level === 'MUST' || (strict && level === 'SHOULD')) &&
    (verdict === 'not-exercised' || verdict === 'inconclusive');
  // A run in which no requirement was met has shown nothing, whatever was chosen.
  const hasShown = results.some(({ verdict }) => verdict !== 'not-exercised' && verdict !== 'not-applicable');
  return isCutShort || !hasShown || results.some(isOpen) ? 'incomplete' : 'conforming';
}
