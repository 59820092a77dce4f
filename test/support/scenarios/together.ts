import type { Scenario } from '../../../src/scenario/scenario.ts';
import type { StageTime } from '../stage.ts';
import { playScenario, type Played, type Target } from './player.ts';

/** Scenarios that are played at the same time: to let time pass is what playing costs, and they share it. */
const AT_ONCE = 25;

/** What is played, and with which token. */
export interface Part {
  readonly scenario: Scenario;
  readonly token: string;
}

/**
 * Plays scenarios, many at the same time. Time passes while all of them wait for something, so each sees the same as if it
 * were played alone.
 */
export async function playTogether(
  parts: readonly Part[],
  target: Target,
): Promise<ReadonlyMap<Part, Played>> {
  const played = new Map<Part, Played>();
  for (let at = 0; at < parts.length; at += AT_ONCE) {
    const group = parts.slice(at, at + AT_ONCE);
    await share(target.time, group.length, async (time, index) => {
      const part = group[index];
      if (part !== undefined)
        played.set(part, await playScenario(part.scenario, { ...target, time }, part.token));
    });
  }
  return played;
}

interface Waiter {
  readonly isMet: () => boolean;
  readonly endMs: number;
  readonly resolve: (wasMet: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/** Gives so many players one time, which passes only while every one of them waits. */
async function share(
  time: StageTime,
  count: number,
  play: (time: StageTime, index: number) => Promise<void>,
): Promise<void> {
  const waiting = new Set<Waiter>();
  let playing = count;
  let isPassing = false;
  const pass = async () => {
    if (isPassing || playing === 0 || waiting.size < playing) return;
    isPassing = true;
    const waiters = [...waiting];
    try {
      const endMs = Math.min(...waiters.map((each) => each.endMs));
      await time.until(() => waiters.some(({ isMet }) => isMet()), endMs - time.now());
      for (const waiter of waiters) {
        const wasMet = waiter.isMet();
        if (!wasMet && time.now() < waiter.endMs) continue;
        waiting.delete(waiter);
        waiter.resolve(wasMet);
      }
    } catch (error) {
      for (const { reject } of waiters) reject(error);
    } finally {
      isPassing = false;
    }
  };
  const own: StageTime = {
    now: () => time.now(),
    until: (isMet, limitMs) =>
      new Promise((resolve, reject) => {
        waiting.add({ isMet, endMs: time.now() + limitMs, resolve, reject });
        void pass();
      }),
  };
  await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      try {
        await play(own, index);
      } finally {
        playing -= 1;
        void pass();
      }
    }),
  );
}
