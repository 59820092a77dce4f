import type { EditionNames } from '../../protocol/editions.ts';
import type { Requirement } from '../../protocol/requirement.ts';
import { causesIn, type Cause } from '../causes/causes.ts';
import { explained } from '../causes/explain.ts';
import type { Named } from '../causes/sentences.ts';
import type { Counterexample } from '../explore/explore.ts';
import type { Play } from '../judge/invariant.ts';
import type { ShownReading } from '../judge/mixtures.ts';
import { judgeServer } from './plays.ts';
import type { Played } from '../player/play-scenario.ts';
import type { RequirementResult } from '../judge/result.ts';

interface Judging {
  readonly strict: boolean;
  readonly deviations: readonly string[];
  readonly named: Named;
  readonly editions: EditionNames;
  /** Whether there is no time left. */
  readonly isOver: () => boolean;
  readonly counterexamples: readonly Counterexample[];
  /** The command that checks one requirement again in the plays that showed it. */
  readonly reproOf: (id: string, shownIn: readonly string[]) => string;
}

/** The judgement of a run against a server. */
export interface JudgedRun {
  readonly judged: readonly RequirementResult[];
  readonly causes: readonly Cause[];
  readonly readings: readonly ShownReading[];
  /** Those that show a fault of the server rather than a cause of the whole run. */
  readonly counterexamples: readonly Counterexample[];
}

/**
 * The result of each requirement in a run, with the smallest session that shows a violation and a command that repeats
 * it.
 */
export function judgeRun(
  plays: readonly Play[],
  requirements: readonly Requirement[],
  { strict, deviations, named, editions, isOver, counterexamples: found, reproOf }: Judging,
): JudgedRun {
  const causesOfAll = causesIn(plays, named);
  const proofs = found.filter((each) => isProof(each, plays, causesOfAll));
  const unreproduced = new Set(proofs.flatMap(({ id, isReproduced }) => (isReproduced ? [] : [id])));
  const terms = {
    strict,
    deviations: new Set(deviations),
    side: 'server' as const,
    editions,
    unreproduced,
    isOver,
  };
  const { results, causes, readings } = judgeServer(plays, requirements, terms, named);
  const told = new Set(results.filter(isTold).map(({ id }) => id));
  const counterexamples = proofs.filter(({ id }) => told.has(id));
  const judged = results.map(({ also, ...result }): RequirementResult => {
    const { id, verdict } = result;
    if (verdict === 'pass' || verdict === 'not-applicable') return result;
    // A result that is explained by a cause of the whole run needs no example.
    const example = verdict === 'not-exercised' ? undefined : counterexamples.find((each) => each.id === id);
    const shown: RequirementResult = {
      ...result,
      ...(example?.result ?? (also === undefined ? {} : { also })),
    };
    const shownIn = [shown.play ?? [], ...(shown.also?.map((each) => each.play) ?? [])].flat();
    return { ...shown, repro: reproOf(id, shownIn) };
  });
  return { judged, causes, readings, counterexamples };
}

/**
 * Whether a result is reported as a fault, or as one that was not reproduced, rather than as a consequence of another.
 */
function isTold({ verdict, cause }: RequirementResult): boolean {
  return verdict === 'fail' || verdict === 'warn' || (verdict === 'inconclusive' && cause === undefined);
}

/** Whether a counterexample still shows a fault once the causes of the whole run are known, including how it ended. */
function isProof(
  { id, played, result: { evidence = [] } }: Counterexample,
  plays: readonly Play[],
  causes: readonly Cause[],
): boolean {
  const seen = [{ play: played.name, occasion: { outcome: 'broken' as const, events: evidence } }];
  return explained(new Map([[id, seen]]), plays, causes).occasions.get(id)?.length !== 0;
}

/**
 * The failed waits of the probes, unless they are due to a cause of the whole run; of connections that cannot be made,
 * which may have any reason, the first is reported.
 */
export function failuresIn(plays: readonly Played[], causes: readonly Cause[]): readonly string[] {
  const refused = causes.flatMap(({ why, refused, cut }) => [
    ...refused.slice(why === 'unreachable' ? 1 : 0),
    ...cut,
  ]);
  const explained = new Set(refused.map(({ play, conversation }) => `${play.name} ${conversation.session}`));
  return plays
    .filter(({ name }) => !/^(?:generated|counterexamples)\//.test(name))
    .flatMap(({ name, failures }) =>
      failures
        .filter((failure) => !explained.has(`${name} ${/^\w+(?:-\d+)?/.exec(failure)?.[0] ?? ''}`))
        .map((failure) => `${name}: ${failure}`),
    );
}

/** Gives a result that was not exercised the reason that applies to all such results. */
export function because(result: RequirementResult, reason: string): RequirementResult {
  return result.verdict === 'not-exercised' ? { ...result, reason } : result;
}
