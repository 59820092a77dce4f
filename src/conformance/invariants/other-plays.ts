import type { Play } from '../invariant.ts';

/** The plays of a run, this one among them: what a client does in one may be compared with what it does in another. */
export function othersOf(play: Play): readonly Play[] {
  return play.run ?? [play];
}

/** What was played; undefined when nobody says so. */
export function scenarioOf({ conversations }: Play): string | undefined {
  return conversations.find(({ context }) => context.scenario !== undefined)?.context.scenario;
}
