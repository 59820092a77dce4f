import { vendorOf } from '../../protocol/dialects.ts';
import { holdsIn, rangeText } from '../../protocol/edition-range.ts';
import { DEFAULT_EDITIONS, type EditionNames } from '../../protocol/editions.ts';
import type { Requirement } from '../../protocol/requirement.ts';
import { resultOf } from './judge.ts';
import type { Play } from './invariant.ts';
import type { RequirementResult } from './result.ts';
import type { Terms } from './terms.ts';

/** The result of a requirement that does not hold in any edition that occurs; undefined for every other. */
export function notHeld(
  requirement: Requirement,
  plays: readonly Play[],
  terms: Terms,
): RequirementResult | undefined {
  const { editions: range, dialects } = requirement;
  const [first] = dialects;
  if (range === undefined || first === undefined) return undefined;
  const editions = editionsOf(requirement, plays, terms.editions ?? DEFAULT_EDITIONS);
  if (editions.some((each) => holdsIn(requirement, each))) return undefined;
  const names = [...new Set(editions.map((each) => each[vendorOf(first)]))].join(' and ');
  const reason = `not in the edition ${names}: ${range.why} (it holds ${rangeText(range)})`;
  return { ...resultOf(requirement, [], terms), verdict: 'not-applicable', reason };
}

/** The editions of the conversations that it is about; those of the run if there are none. */
function editionsOf(
  { dialects }: Requirement,
  plays: readonly Play[],
  ofRun: EditionNames,
): readonly EditionNames[] {
  const found = new Set<EditionNames>();
  for (const { conversations } of plays) {
    for (const { dialect, editions } of conversations) {
      if (dialect !== undefined && dialects.includes(dialect)) found.add(editions);
    }
  }
  return found.size === 0 ? [ofRun] : [...found];
}
