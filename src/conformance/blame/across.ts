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
  const all = plays.map(({ settled }) => settled(id));
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

/** The conversations in which a requirement was kept or broken. */
function showing(id: string, { play, settled }: SettledPlay): readonly (Conversation | undefined)[] {
  const decided = settled(id).filter(({ outcome }) => outcome !== 'unclear');
  return decided.map((each) => conversationOf(each, play));
}

function isFinding({ outcome }: Occasion): boolean {
  return outcome === 'broken' || outcome === 'doubtful';
}
