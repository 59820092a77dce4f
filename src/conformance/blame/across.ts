import type { Conversation } from '../conversation/conversation.ts';
import type { Occasion, Play } from '../judge/invariant.ts';
import { conversationOf } from './blamed.ts';
import { mistakesOf } from './mistakes.ts';
import { basesOf } from './rests-on.ts';
import type { Settled } from './settle.ts';

/** A play whose occasions have been settled within it. */
export interface SettledPlay {
  readonly play: Play;
  readonly settled: Settled;
}

/** The occasions of a requirement in each of several plays. */
type Across = (id: string) => readonly (readonly Occasion[])[];

/**
 * The occasions of requirements in several plays of one peer, where a fault that shows in one play may be the cause of
 * what shows in another. A cause is always a requirement with findings that remain.
 */
export function settledAcross(plays: readonly SettledPlay[]): Across {
  const known = new Map<string, readonly (readonly Occasion[])[]>();
  const across: Across = (id) => {
    let found = known.get(id);
    if (found === undefined) {
      const apart = withoutKnownMistakes(plays, id, across);
      found = withoutInvisible(plays, id, apart).map((each) => withRoots(each, rootOf));
      known.set(id, found);
    }
    return found;
  };
  const rootOf = rootsIn(across);
  return across;
}

/**
 * Some conversations cannot show the more basic fault: without an audio clock, words that reach into the next segment
 * are visible, but not that they end beyond the audio. If every conversation that can show both says that one comes
 * from the other, the same holds in those that cannot, where the occasion is `unclear`. A single finding where the more
 * basic requirement is kept shows that the two are independent.
 */
function withoutInvisible(
  plays: readonly SettledPlay[],
  id: string,
  all: readonly (readonly Occasion[])[],
): readonly (readonly Occasion[])[] {
  const causes = new Set(all.flat().flatMap(({ cause }) => cause ?? []));
  for (const cause of basesOf(id).filter((base) => causes.has(base))) {
    const shown = new Set(plays.flatMap((each) => showing(cause, each)));
    const isSeen = (is: (occasion: Occasion) => boolean) =>
      plays.some(({ play }, i) => all[i]?.some((each) => is(each) && shown.has(conversationOf(each, play))));
    const isIndependent = isSeen(isFinding);
    // Two sockets never show both: that a mistake is known from the other one says nothing of other mistakes.
    const isDependent = isSeen((each) => each.cause === cause);
    if (isIndependent || !isDependent) continue;
    return all.map((occasions) =>
      occasions.map((each) => (isFinding(each) ? { ...each, outcome: 'unclear', cause } : each)),
    );
  }
  return all;
}

/** A finding whose mistake a more basic requirement already reports is `unclear`, wherever in the run the two are. */
function withoutKnownMistakes(
  plays: readonly SettledPlay[],
  id: string,
  across: Across,
): readonly (readonly Occasion[])[] {
  const all = plays.map(({ settled }) => settled(id));
  if (!all.flat().some((each) => isFinding(each) && mistakesOf(id, each).length > 0)) return all;
  const told = new Map<string, string>();
  for (const base of basesOf(id)) {
    for (const mistake of across(base)
      .flat()
      .filter(isTold)
      .flatMap((each) => mistakesOf(base, each))) {
      if (!told.has(mistake)) told.set(mistake, base);
    }
  }
  return all.map((occasions) =>
    occasions.map((each) => {
      const known = isFinding(each) ? mistakesOf(id, each).find((mistake) => told.has(mistake)) : undefined;
      const cause = known === undefined ? undefined : told.get(known);
      return cause === undefined ? each : { ...each, outcome: 'unclear', cause };
    }),
  );
}

/** A cause that itself has a cause is not reported; the other one is. */
function withRoots(occasions: readonly Occasion[], rootOf: (cause: string) => string): readonly Occasion[] {
  return occasions.map((each) => {
    if (each.cause === undefined) return each;
    const cause = rootOf(each.cause);
    return cause === each.cause ? each : { ...each, cause };
  });
}

/** The root of each cause, searched only once: a cause may have found something in every message of a flood. */
function rootsIn(across: Across): (cause: string) => string {
  const known = new Map<string, string>();
  return (cause) => {
    let root = known.get(cause);
    if (root === undefined) {
      const all = across(cause).flat();
      root = all.some(isTold) ? cause : (all.find((each) => each.cause !== undefined)?.cause ?? cause);
      known.set(cause, root);
    }
    return root;
  };
}

/** What may be accepted as a deviation causes nothing else. */
function isTold(occasion: Occasion): boolean {
  return isFinding(occasion) && occasion.deviation === undefined;
}

/** The conversations in which a requirement was kept or broken. */
function showing(id: string, { play, settled }: SettledPlay): readonly (Conversation | undefined)[] {
  const decided = settled(id).filter(({ outcome }) => outcome !== 'unclear');
  return decided.map((each) => conversationOf(each, play));
}

/** Whether an occasion is reported as a finding. */
export function isFinding({ outcome }: Occasion): boolean {
  return outcome === 'broken' || outcome === 'doubtful';
}
