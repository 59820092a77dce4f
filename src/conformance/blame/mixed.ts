import type { Mixture } from '../judge/mixtures.ts';
import type { Seen } from '../judge/terms.ts';
import { isFinding } from './across.ts';
import { isOfTimes } from './mistakes.ts';
import { basesOf } from './rests-on.ts';

type All = ReadonlyMap<string, readonly Seen[]>;
type Mixtures = ReadonlyMap<string, Mixture>;

/**
 * Wrong times also look as if they had several readings. A mixture is not reported if a more basic requirement is
 * broken by those times, nor is a finding if they are a mixture of a more basic requirement.
 */
export function withOneTold(
  seen: All,
  mixtures: Mixtures,
): { readonly seen: All; readonly mixtures: Mixtures } {
  const isBroken = (id: string) =>
    isOfTimes(id) &&
    seen.get(id)?.some(({ occasion }) => isFinding(occasion) && occasion.deviation === undefined) === true;
  const told = new Map(mixtures);
  // A requirement has more bases than those in its own row.
  for (const id of [...mixtures.keys()].sort((a, b) => basesOf(a).length - basesOf(b).length)) {
    const isKnown = (base: string) => isBroken(base) || (isOfTimes(base) && told.has(base));
    if (isOfTimes(id) && basesOf(id).some(isKnown)) told.delete(id);
  }
  const left = [...seen].map(([id, all]): [string, readonly Seen[]] => {
    const cause = isOfTimes(id) ? basesOf(id).find((base) => isOfTimes(base) && told.has(base)) : undefined;
    if (cause === undefined) return [id, all];
    return [
      id,
      all.map((each) =>
        isFinding(each.occasion)
          ? { ...each, occasion: { ...each.occasion, outcome: 'unclear', cause } }
          : each,
      ),
    ];
  });
  return { seen: new Map(left), mixtures: told };
}
