import type { Clock } from './clock.ts';

/**
 * A span in which this process did nothing: whatever arrived during it was read at its end. Milliseconds of the clock.
 */
export interface Stall {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Watches for stalls until it is disposed of. */
export interface StallWatch extends Disposable {
  /** In order of time; none of them touch. */
  readonly stalls: readonly Stall[];
}

/** How often it is checked whether the process runs. */
const BEAT_MS = 25;
/** Beyond this number the oldest stalls are forgotten; what they affected ended long before. */
const MOST_STALLS = 2000;

/**
 * Notices when the event loop comes to its timers late: because of a long computation, because other processes have the
 * processors, or because this one was suspended.
 * @param leastMs shorter delays do not count as stalls
 */
export function watchStalls(clock: Clock, leastMs: number): StallWatch {
  const stalls: Stall[] = [];
  let beatMs = clock.now();
  const add = (fromMs: number, untilMs: number) => {
    // Handling what was read late takes time, too: a stall that follows immediately is part of the same one.
    const last = stalls.at(-1)?.untilMs === fromMs ? stalls.pop() : undefined;
    stalls.push({ fromMs: last?.fromMs ?? fromMs, untilMs });
    if (stalls.length > MOST_STALLS) stalls.shift();
  };
  const see = () => {
    const nowMs = clock.now();
    if (nowMs - beatMs > BEAT_MS + leastMs) add(beatMs, nowMs);
    beatMs = nowMs;
  };
  const arm = (): (() => void) =>
    clock.at(beatMs + BEAT_MS, () => {
      see();
      cancel = arm();
    });
  let cancel = arm();
  return {
    get stalls() {
      // Input may be read before the timer that is due.
      see();
      return stalls;
    },
    [Symbol.dispose]: () => cancel(),
  };
}
