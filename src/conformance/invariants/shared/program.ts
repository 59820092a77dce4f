import type { MomentOf } from '../../conversation/conversation.ts';
import { derived } from '../../conversation/derived.ts';
import type { Play } from '../../judge/invariant.ts';

/** When the runner had ended a program that had not ended by itself; Infinity if it did not have to. */
export function killedMsOf(play: Play): number {
  const end = endIn(play);
  return end?.event.about.client === 'timeout' ? end.event.atMs : Infinity;
}

/** The moment by which a program had ended by itself; undefined if it had not, or none was started. */
export function ownEndOf(play: Play): MomentOf<'context'> | undefined {
  const end = endIn(play);
  return /^(?:exited|killed)/.test(end?.event.about.client ?? '') ? end : undefined;
}

const endIn = derived(({ conversations }: Play): MomentOf<'context'> | undefined => {
  for (const { moments } of conversations) {
    for (const moment of moments) {
      const { event } = moment;
      if (event.kind === 'context' && event.about.client !== undefined) return { ...moment, event };
    }
  }
  return undefined;
});
