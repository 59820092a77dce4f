import { derived } from '../../conversation/derived.ts';
import type { Play } from '../../judge/invariant.ts';

/**
 * The plays of a run, including this one. What a client does in one play may be compared with what it does in another.
 */
export function othersOf(play: Play): readonly Play[] {
  return play.run ?? alone(play);
}

const alone = derived((play: Play): readonly Play[] => [play]);

/** The scenario that was played; undefined if it is not recorded. */
export const scenarioOf = derived(({ conversations }: Play): string | undefined => {
  return conversations.find(({ context }) => context.scenario !== undefined)?.context.scenario;
});
