import type { Requirement } from '../protocol/requirement.ts';
import type { Cause } from './causes/causes.ts';
import type { Named } from './causes/sentences.ts';
import type { Counterexample } from './explore/explore.ts';
import type { Play } from './judge/invariant.ts';
import { judgeServer } from './judge-plays.ts';
import type { Played } from './player/play-scenario.ts';
import type { RequirementResult } from './judge/result.ts';

interface Judging {
  readonly strict: boolean;
  readonly deviations: readonly string[];
  readonly named: Named;
  /** Whether there is no time left. */
  readonly isOver: () => boolean;
  readonly counterexamples: readonly Counterexample[];
  /** The command that looks at one requirement again, which was shown in some plays. */
  readonly reproOf: (id: string, shownIn: readonly string[]) => string;
}

export interface JudgedRun {
  readonly judged: readonly RequirementResult[];
  readonly causes: readonly Cause[];
}

/** What became of each requirement in a run, with the smallest session that shows it and a command that shows it again. */
export function judgeRun(
  plays: readonly Play[],
  requirements: readonly Requirement[],
  { strict, deviations, named, isOver, counterexamples, reproOf }: Judging,
): JudgedRun {
  const unreproduced = new Set(counterexamples.flatMap(({ id, isReproduced }) => (isReproduced ? [] : [id])));
  const terms = { strict, deviations: new Set(deviations), side: 'server' as const, unreproduced, isOver };
  const { results, causes } = judgeServer(plays, requirements, terms, named);
  const judged = results.map(({ also, ...result }): RequirementResult => {
    const { id, verdict } = result;
    if (verdict === 'pass' || verdict === 'not-applicable') return result;
    // What a cause of the whole run explains needs no example.
    const found = verdict === 'not-exercised' ? undefined : counterexamples.find((each) => each.id === id);
    const shown: RequirementResult = {
      ...result,
      ...(found?.result ?? (also === undefined ? {} : { also })),
    };
    const shownIn = [shown.play ?? [], ...(shown.also?.map((each) => each.play) ?? [])].flat();
    return { ...shown, repro: reproOf(id, shownIn) };
  });
  return { judged, causes };
}

/** What the probes waited for in vain, where no cause of the whole run is the reason. */
export function failuresIn(plays: readonly Played[], causes: readonly Cause[]): readonly string[] {
  const refused = causes.flatMap((cause) => [...cause.refused, ...cause.cut]);
  const explained = new Set(refused.map(({ play, conversation }) => `${play.name} ${conversation.session}`));
  return plays
    .filter(({ name }) => !/^(?:generated|counterexamples)\//.test(name))
    .flatMap(({ name, failures }) =>
      failures
        .filter((failure) => !explained.has(`${name} ${/^\w+(?:-\d+)?/.exec(failure)?.[0] ?? ''}`))
        .map((failure) => `${name}: ${failure}`),
    );
}

/** A result of something that was not exercised for a reason that all of them have. */
export function because(result: RequirementResult, reason: string): RequirementResult {
  return result.verdict === 'not-exercised' ? { ...result, reason } : result;
}
