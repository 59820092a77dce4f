import { describe, expect, it } from 'vitest';
import { realClock, type Clock } from '../../src/runtime/clock.ts';
import { watchStalls } from '../../src/runtime/stalls.ts';

const LEAST_MS = 100;

/** A clock whose timers are as late as the event loop: during `pass`, nothing is called. */
function lateClock(): Clock & { readonly pass: (ms: number) => void; readonly turn: () => void } {
  let nowMs = 0;
  let due: { readonly atMs: number; readonly callback: () => void } | undefined;
  return {
    now: () => nowMs,
    at(atMs, callback) {
      due = { atMs, callback };
      return () => (due = undefined);
    },
    get pending() {
      return due === undefined ? 0 : 1;
    },
    pass: (ms) => void (nowMs += ms),
    turn() {
      const { atMs = Infinity, callback } = due ?? {};
      if (nowMs < atMs) return;
      due = undefined;
      callback?.();
    },
  };
}

/** Lets consecutive turns of the event loop take these times. */
function watched(turnsMs: readonly number[]) {
  const clock = lateClock();
  using watch = watchStalls(clock, LEAST_MS);
  for (const ms of turnsMs) {
    clock.pass(ms);
    clock.turn();
  }
  return watch.stalls;
}

describe('stalls of the event loop', () => {
  it('are times in which no timer was called', () => {
    expect(watched([25, 25, 1500, 25])).toEqual([{ fromMs: 50, untilMs: 1550 }]);
  });

  it('do not include small delays, however many follow one another', () => {
    expect(watched(Array.from({ length: 5000 }, (_, i) => 30 + (i % 50)))).toEqual([]);
  });

  it('include a long turn that directly follows', () => {
    expect(watched([1000, 200, 300, 25, 400])).toEqual([
      { fromMs: 0, untilMs: 1500 },
      { fromMs: 1525, untilMs: 1925 },
    ]);
  });

  it('are known even before the timer that is due, because what arrived may be read first', () => {
    const clock = lateClock();
    using watch = watchStalls(clock, LEAST_MS);
    clock.pass(1000);
    expect(watch.stalls).toEqual([{ fromMs: 0, untilMs: 1000 }]);
  });

  it('beyond the maximum are forgotten, the oldest first', () => {
    const stalls = watched(Array.from({ length: 10_000 }, (_, i) => (i % 2 === 0 ? 500 : 25)));
    expect(stalls).toHaveLength(2000);
    expect(stalls.at(-1)?.untilMs).toBe(5000 * 525 - 25);
  });

  it('are noticed in a process that is really blocked, and no timer is left afterwards', async () => {
    const clock = realClock();
    const watch = watchStalls(clock, LEAST_MS);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600);
    await new Promise((resolve) => clock.at(clock.now() + 30, () => resolve(undefined)));
    const longest = Math.max(...watch.stalls.map(({ fromMs, untilMs }) => untilMs - fromMs));
    expect(longest).toBeGreaterThanOrEqual(600);

    watch[Symbol.dispose]();
    expect(clock.pending).toBe(0);
  });
});
