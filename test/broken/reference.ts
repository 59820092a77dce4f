import { conversationsOf } from '../../src/conformance/conversation.ts';
import { occasionsIn, resultOf } from '../../src/conformance/judge.ts';
import type { Verdict } from '../../src/conformance/report/report.ts';
import type { ServerRun } from '../../src/conformance/run-server.ts';
import { REQUIREMENTS } from '../../src/protocol/requirements.ts';
import type { Requirement } from '../../src/protocol/requirement.ts';
import { verdictsOf } from './judge.ts';

export function requirement(id: string): Requirement {
  const found = REQUIREMENTS.find((each) => each.id === id);
  if (found === undefined) throw new Error(`there is no requirement ${id}`);
  return found;
}

/** What becomes of a requirement that is broken. */
export function brokenVerdict({ level }: Requirement): Verdict {
  return level === 'MUST' ? 'fail' : 'warn';
}

/** What would have become of it if SHOULD counted as MUST. */
export function strictVerdict(id: string, { plays, report }: ServerRun): Verdict {
  const judged = plays.map(({ name, events }) => {
    return { name, conversations: conversationsOf(events), tolerances: report.tolerances };
  });
  const terms = { strict: true, deviations: new Set<string>(), side: 'server' as const };
  const seen = occasionsIn(judged, [id], terms).get(id) ?? [];
  return resultOf(requirement(id), seen, terms).verdict;
}

export interface Difference {
  readonly id: string;
  readonly verdict: Verdict;
  /** Why, for whoever has to find out. */
  readonly told: string;
}

/** The verdicts of a run that are not those of the conforming fake. */
export function differences(reference: ReadonlyMap<string, Verdict>, run: ServerRun): readonly Difference[] {
  const changed = [...verdictsOf(run)].filter(([id, verdict]) => verdict !== reference.get(id));
  return changed.map(([id, verdict]) => {
    const row = run.report.requirements.find((each) => each.id === id);
    const { expected = '', actual = row?.reason ?? '', play = '' } = row ?? {};
    return { id, verdict, told: `expected ${expected}, got ${actual} (${play})` };
  });
}
