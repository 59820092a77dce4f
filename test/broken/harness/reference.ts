import { namedBy } from '../../../src/conformance/causes/named.ts';
import { judgeServer, playOf } from '../../../src/conformance/judging/plays.ts';
import type { RequirementResult, Verdict } from '../../../src/conformance/judge/result.ts';
import type { ConformanceRun } from '../../../src/conformance/run-server.ts';
import { REQUIREMENTS } from '../../../src/protocol/requirements.ts';
import type { Requirement } from '../../../src/protocol/requirement.ts';
import { verdictsOf } from './judge.ts';

export function requirement(id: string): Requirement {
  const found = REQUIREMENTS.find((each) => each.id === id);
  if (found === undefined) throw new Error(`there is no requirement ${id}`);
  return found;
}

/** The verdict on a broken requirement. */
export function brokenVerdict({ level }: Requirement): Verdict {
  return level === 'MUST' ? 'fail' : 'warn';
}

/** The result of one requirement in plays of a run. Others are judged only as far as this one rests on them. */
export function judgedAlone(
  id: string,
  plays: ConformanceRun['plays'],
  { tolerances }: ConformanceRun['report'],
  strict = false,
): RequirementResult {
  const judged = plays.map((each) => playOf(each, tolerances));
  const terms = { strict, deviations: new Set<string>(), side: 'server' as const };
  const [result] = judgeServer(judged, [requirement(id)], terms, namedBy({})).results;
  if (result === undefined) throw new Error(`nothing was said of ${id}`);
  return result;
}

/** The verdict if SHOULD counted as MUST. */
export function strictVerdict(id: string, { plays, report }: ConformanceRun): Verdict {
  return judgedAlone(id, plays, report, true).verdict;
}

export interface Difference {
  readonly id: string;
  readonly verdict: Verdict;
  /** The reason, for the person who investigates. */
  readonly told: string;
}

/** The verdicts of a run that are not those of the conforming fake. */
export function differences(
  reference: ReadonlyMap<string, Verdict>,
  run: ConformanceRun,
): readonly Difference[] {
  const changed = [...verdictsOf(run)].filter(([id, verdict]) => verdict !== reference.get(id));
  return changed.map(([id, verdict]) => {
    const row = run.report.requirements.find((each) => each.id === id);
    const { expected = '', actual = row?.reason ?? '', play = '' } = row ?? {};
    return { id, verdict, told: `expected ${expected}, got ${actual} (${play})` };
  });
}
