import type { Dialect, Requirement } from '../protocol/requirement.ts';
import { REQUIREMENTS } from '../protocol/requirements.ts';
import { conversationsOf } from './conversation.ts';
import type { Play } from './invariant.ts';
import { occasionsIn, resultOf, type Side, type Terms } from './judge.ts';
import { mixturesIn } from './mixtures.ts';
import type { RecordedPlay, RequirementResult } from './report/report.ts';
import type { Tolerances } from './tolerances.ts';

/** Ids of requirements that are judged, and that are not. */
export interface Chosen {
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
}

/** The requirements of one side that are about any of some dialects, as far as they are wanted. */
export function requirementsOf(
  side: Side,
  dialects: readonly Dialect[],
  { only = [], skip = [] }: Chosen,
): readonly Requirement[] {
  return REQUIREMENTS.filter(
    (each) =>
      (each.side === 'both' || each.side === side) &&
      each.dialects.some((dialect) => dialects.includes(dialect)) &&
      (only.length === 0 || only.includes(each.id)) &&
      !skip.includes(each.id),
  );
}

export function playOf({ name, events }: RecordedPlay, tolerances: Tolerances): Play {
  return { name, conversations: conversationsOf(events), tolerances };
}

/** What became of each requirement in all plays together. */
export function judgePlays(
  plays: readonly Play[],
  requirements: readonly Requirement[],
  terms: Terms,
): readonly RequirementResult[] {
  const seen = occasionsIn(
    plays,
    requirements.map(({ id }) => id),
    terms,
  );
  const mixtures = mixturesIn(seen, requirements, terms);
  const durations = new Map(plays.map((play) => [play.name, durationOf(play)]));
  return requirements.map((each) => {
    const occasions = seen.get(each.id) ?? [];
    const names = new Set(occasions.map(({ play }) => play));
    const durationMs = [...names].reduce((sum, name) => sum + (durations.get(name) ?? 0), 0);
    const result = resultOf(each, occasions, terms, mixtures.get(each.id));
    return { ...result, ...(names.size === 0 ? {} : { durationMs }) };
  });
}

/** From the first event to the last, in whole milliseconds. */
function durationOf({ conversations }: Play): number {
  let [first, last] = [Infinity, -Infinity];
  for (const { moments } of conversations) {
    first = Math.min(first, moments[0]?.event.atMs ?? Infinity);
    last = Math.max(last, moments.at(-1)?.event.atMs ?? -Infinity);
  }
  return last < first ? 0 : Math.round(last - first);
}
