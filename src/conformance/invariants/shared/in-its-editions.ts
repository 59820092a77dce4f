import { holdsIn } from '../../../protocol/edition-range.ts';
import type { Requirement } from '../../../protocol/requirement.ts';
import { REQUIREMENTS } from '../../../protocol/requirements.ts';
import type { Invariant } from '../../judge/invariant.ts';

const RANGED: ReadonlyMap<string, Requirement> = new Map(
  REQUIREMENTS.filter(({ editions }) => editions !== undefined).map((each) => [each.id, each]),
);

/** An invariant whose requirement holds in some editions only looks at the conversations of those. */
export function inItsEditions(invariant: Invariant): Invariant {
  const requirement = RANGED.get(invariant.id);
  if (requirement === undefined) return invariant;
  return {
    ...invariant,
    judge(play) {
      const own = play.conversations.filter(({ editions }) => holdsIn(requirement, editions));
      return invariant.judge(
        own.length === play.conversations.length ? play : { ...play, conversations: own },
      );
    },
  };
}
