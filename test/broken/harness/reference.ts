import { namedBy } from '../../../src/conformance/causes/named.ts';
import { judgeServer, playOf } from '../../../src/conformance/judging/plays.ts';
import type { Verdict } from '../../../src/conformance/judge/result.ts';
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

/** The verdict if SHOULD counted as MUST. Others are judged only as far as this one rests on them. */
export function strictVerdict(id: string, { plays, report }: ConformanceRun): Verdict | undefined {
  const judged = plays.map((each) => playOf(each, report.tolerances));
  const rows = [requirement(id)];
  const terms = { strict: true, deviations: new Set<string>(), side: 'server' as const };
  return judgeServer(judged, rows, terms, namedBy({})).results.find((each) => each.id === id)?.verdict;
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
