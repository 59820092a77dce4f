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
  return requirements.map((each) => resultOf(each, seen.get(each.id) ?? [], terms));
}
