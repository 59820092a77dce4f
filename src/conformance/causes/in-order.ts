import type { Play } from '../judge/invariant.ts';
import type { Seen } from '../judge/terms.ts';
import { attemptsOf, isTrusted, type Attempt } from './attempts.ts';
import { dialectAt, type Why } from './fate.ts';

/**
 * Decides occasions that depend on whether the service was in order: a problem that may affect any request is evidence
 * about this one if no other request at the same place had it.
 */
export function decidedByOrder(
  found: ReadonlyMap<string, readonly Seen[]>,
  plays: readonly Play[],
): ReadonlyMap<string, readonly Seen[]> {
  const inOrder = dialectsInOrder(plays);
  return new Map(
    [...found].map(([id, seen]) => [
      id,
      seen.map((each) => {
        const { ifInOrder, inDialect } = each.occasion;
        if (ifInOrder === undefined || inDialect === undefined || !inOrder.has(inDialect)) return each;
        return { ...each, occasion: { ...each.occasion, outcome: ifInOrder } };
      }),
    ]),
  );
}

/** Dialects in which requests were accepted and none of them had such a problem at another time. */
function dialectsInOrder(plays: readonly Play[]): ReadonlySet<string> {
  const trusted = attemptsOf(plays).filter((each) => isTrusted(each) && each.isInOrder);
  const placed = ({ place, shape }: Attempt) => `${place} ${shape}`;
  const accepted = trusted.filter(({ fate }) => fate.kind === 'accepted');
  const shapes = new Set(accepted.map(placed));
  const troubled = new Set(
    trusted
      .filter(({ fate }) => fate.kind === 'refused' && TROUBLE.includes(fate.why))
      .filter((each) => shapes.has(placed(each)))
      .map(({ place }) => dialectAt(place)),
  );
  return new Set(accepted.map(({ place }) => dialectAt(place)).filter((each) => !troubled.has(each)));
}

/** Problems that may affect any request. */
const TROUBLE: readonly Why[] = ['service', 'busy', 'unreachable', 'mute'];
