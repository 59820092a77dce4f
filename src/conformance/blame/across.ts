import type { Conversation } from '../conversation/conversation.ts';
import type { Occasion, Play } from '../judge/invariant.ts';
import { conversationOf } from './blamed.ts';
import { basesOf } from './rests-on.ts';
import type { Settled } from './settle.ts';

export interface SettledPlay {
  readonly play: Play;
  readonly settled: Settled;
}

/**
 * The occasions of a requirement in several plays of one peer. Some conversations cannot show the more basic fault:
 * without an audio clock, words that reach into the next segment are visible, but not that they end beyond the audio.
 * If every conversation that can show both says that one comes from the other, the same holds in those that cannot,
 * where the occasion is `unclear`. A single finding where the more basic requirement is kept shows that the two are
 * independent.
 */
export function settledAcross(plays: readonly SettledPlay[], id: string): readonly (readonly Occasion[])[] {
  const all = withoutKnownMistakes(plays, id);
  const causes = new Set(all.flat().flatMap(({ cause }) => cause ?? []));
  for (const cause of basesOf(id).filter((base) => causes.has(base))) {
    const shown = new Set(plays.flatMap((each) => showing(cause, each)));
    const isIndependent = plays.some(({ play }, i) =>
      all[i]?.some((each) => isFinding(each) && shown.has(conversationOf(each, play))),
    );
    if (isIndependent) continue;
    return all.map((occasions) =>
      occasions.map((each) => (isFinding(each) ? { ...each, outcome: 'unclear', cause } : each)),
    );
  }
  return all;
}

/** A finding whose mistake a more basic requirement tells already is `unclear`, wherever in the run either is. */
function withoutKnownMistakes(plays: readonly SettledPlay[], id: string): readonly (readonly Occasion[])[] {
  const all = plays.map(({ settled }) => settled(id));
  if (!all.flat().some((each) => isFinding(each) && each.mistake !== undefined)) return all;
  const told = new Map<string | undefined, string>();
  for (const base of basesOf(id)) {
    for (const { mistake } of plays.flatMap(({ settled }) => settled(base).filter(isTold))) {
      if (mistake !== undefined && !told.has(mistake)) told.set(mistake, base);
    }
  }
  return all.map((occasions) =>
    occasions.map((each) => {
      const cause = isFinding(each) ? told.get(each.mistake) : undefined;
      return cause === undefined ? each : { ...each, outcome: 'unclear', cause };
    }),
  );
}

/** What may be accepted as a deviation is the cause of nothing else. */
function isTold(occasion: Occasion): boolean {
  return isFinding(occasion) && occasion.deviation === undefined;
}

/** The conversations in which a requirement was kept or broken. */
function showing(id: string, { play, settled }: SettledPlay): readonly (Conversation | undefined)[] {
  const decided = settled(id).filter(({ outcome }) => outcome !== 'unclear');
  return decided.map((each) => conversationOf(each, play));
}

function isFinding({ outcome }: Occasion): boolean {
  return outcome === 'broken' || outcome === 'doubtful';
}
