import { isFinding } from '../blame/across.ts';
import { basesOf } from '../blame/rests-on.ts';
import type { Occasion, Play } from '../judge/invariant.ts';
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
  const decided = new Map<string, readonly Seen[]>();
  const isDecided = ({ ifInOrder, inDialect }: Occasion) =>
    ifInOrder !== undefined && inDialect !== undefined && inOrder.has(inDialect);
  /**
   * The more basic requirement that reports the mistake of an occasion, which was not a finding when others were
   * compared.
   */
  const causeOf = (id: string, mistake: string | undefined) =>
    mistake === undefined
      ? undefined
      : basesOf(id).find((base) =>
          decisionOn(base).some((each) => isFinding(each.occasion) && each.occasion.mistake === mistake),
        );
  const decisionOn = (id: string): readonly Seen[] => {
    const known = decided.get(id);
    if (known !== undefined) return known;
    const all = (found.get(id) ?? []).map((each): Seen => {
      const { occasion } = each;
      if (!isDecided(occasion)) return each;
      const cause = causeOf(id, occasion.mistake);
      if (cause !== undefined) return { ...each, occasion: { ...occasion, cause } };
      return { ...each, occasion: { ...occasion, outcome: occasion.ifInOrder ?? 'unclear' } };
    });
    decided.set(id, all);
    return all;
  };
  return new Map([...found.keys()].map((id) => [id, decisionOn(id)]));
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
