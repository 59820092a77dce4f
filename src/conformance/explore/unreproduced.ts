import type { Seen } from '../judge/terms.ts';

/**
 * What generated sessions show about a requirement whose counterexample did not fail again in any repetition. A message
 * in the trace is proof by itself. If something did not come, or came late, that may have been chance: the requirement
 * is neither broken nor met. What probes show is kept.
 */
export function onlyProven(seen: readonly Seen[]): readonly Seen[] {
  return seen.map((each) => {
    const { play, occasion } = each;
    const isGenerated = play.startsWith('generated/') || play.startsWith('counterexamples/');
    const isFinding = occasion.outcome === 'broken' || occasion.outcome === 'doubtful';
    if (!isGenerated || !isFinding || occasion.awaited === undefined) return each;
    return { ...each, occasion: { ...occasion, outcome: 'unclear', isUnproven: true } };
  });
}
