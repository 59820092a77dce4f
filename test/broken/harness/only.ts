import { neededFor, playNameOf, startFor } from '../../../src/conformance/player/needed.ts';
import type { RequirementResult } from '../../../src/conformance/judge/result.ts';
import type { ConformanceRun } from '../../../src/conformance/run-server.ts';
import type { Scenario } from '../../../src/scenario/scenario.ts';
import { judgedAlone, requirement } from './reference.ts';

/** Part of every run. */
const FIRST_LOOK = /^(?:preflight|another-look)/;

/** The verdict on a requirement from some of the plays of a run and the first connection. */
export function judgedBy(run: ConformanceRun, id: string, names: readonly string[]): RequirementResult {
  const { plays, report } = run;
  const chosen = plays.filter(({ name }) => FIRST_LOOK.test(name) || names.includes(name));
  return judgedAlone(id, chosen, report);
}

/** The names of the plays of a run with `--only`, for a server whose service is or is not down at first. */
export function playedWith(id: string, probes: readonly Scenario[], isDown: boolean): readonly string[] {
  const needed = neededFor([requirement(id)], probes);
  return [...needed, ...(isDown ? startFor(needed, probes) : [])].map(playNameOf);
}

/** The verdict of the command in a finding, which names its plays or leaves that to `--only`. */
export function judgedAgain(run: ConformanceRun, id: string, probes: readonly Scenario[]): RequirementResult {
  const { repro = '' } = run.report.requirements.find((each) => each.id === id) ?? {};
  const given = [...repro.matchAll(/--scenario (\S+)/g)].map(([, name = '']) => name);
  return judgedBy(run, id, given.length > 0 ? given : [...playedWith(id, probes, true), ANOTHER_LOOK]);
}

/** Not every run checks a started service again: a session that asks for nothing special. */
export const ANOTHER_LOOK = 'scriptix/ping';
