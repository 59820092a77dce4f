import { derived } from '../conversation/derived.ts';
import type { Play } from './invariant.ts';
import type { NotedStall } from './stall-notes.ts';

/** The places of the notes on a stall, one for each session in which something was read late because of it. */
interface Noted {
  readonly stall: NotedStall;
  readonly indexes: readonly number[];
}

/** The stalls of the observer that a play notes. A session in which nothing was read during a stall has no note on it. */
export const stallsIn = derived(({ conversations }: Play): readonly Noted[] => {
  const notes = new Map<string, { readonly stall: NotedStall; readonly indexes: number[] }>();
  for (const { moments } of conversations) {
    for (const { event, index } of moments) {
      if (event.kind !== 'note' || event.stall === undefined) continue;
      const { stall } = event;
      const key = `${stall.fromMs} ${stall.untilMs}`;
      const known = notes.get(key);
      if (known === undefined) notes.set(key, { stall, indexes: [index] });
      else known.indexes.push(index);
    }
  }
  return [...notes.values()];
});

/**
 * How much of a span the observer was certainly running, in milliseconds. What keeps it from running keeps its peers from
 * running, too, so that this much of the span, and not all of it, says what a peer had time for.
 */
export function runningMs(fromMs: number, untilMs: number, play: Play): number {
  return stallsIn(play).reduce(
    (ms, { stall }) => ms - Math.max(0, Math.min(untilMs, stall.untilMs) - Math.max(fromMs, stall.fromMs)),
    untilMs - fromMs,
  );
}
