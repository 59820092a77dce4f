import type { Dialect, Requirement } from '../protocol/requirement.ts';
import { REQUIREMENTS } from '../protocol/requirements.ts';
import { conversationsOf } from './conversation.ts';
import type { Play } from './invariant.ts';
import { occasionsIn, resultOf, type Side, type Terms } from './judge.ts';
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
  plays: readonly RecordedPlay[],
  requirements: readonly Requirement[],
  tolerances: Tolerances,
  terms: Terms,
): readonly RequirementResult[] {
  const seen = occasionsIn(
    plays.map((played) => playOf(played, tolerances)),
    requirements.map(({ id }) => id),
    terms,
  );
  const durations = new Map(plays.map((played) => [played.name, durationOf(played)]));
  return requirements.map((each) => {
    const occasions = seen.get(each.id) ?? [];
    const names = new Set(occasions.map(({ play }) => play));
    const durationMs = [...names].reduce((sum, name) => sum + (durations.get(name) ?? 0), 0);
    return { ...resultOf(each, occasions, terms), ...(names.size === 0 ? {} : { durationMs }) };
  });
}

/** From the first event to the last, in whole milliseconds. Events are in the order in which they were recorded. */
function durationOf({ events }: RecordedPlay): number {
  const [first] = events;
  return first === undefined ? 0 : Math.round((events.at(-1)?.atMs ?? first.atMs) - first.atMs);
}
