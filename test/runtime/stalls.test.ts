import { describe, expect, it } from 'vitest';
import { realClock, type Clock } from '../../src/runtime/clock.ts';
import { watchStalls } from '../../src/runtime/stalls.ts';

const LEAST_MS = 100;

/** A clock whose timers come as late as the event loop does: `pass` lets time go by in which nothing is called. */
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

/** Lets turns of the event loop take these times, one after the other. */
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
  it('are spans in which no timer was called', () => {
    expect(watched([25, 25, 1500, 25])).toEqual([{ fromMs: 50, untilMs: 1550 }]);
  });

  it('are none while small delays follow one another, however many', () => {
    expect(watched(Array.from({ length: 5000 }, (_, i) => 30 + (i % 50)))).toEqual([]);
  });

  it('are one with what takes long directly after them', () => {
    expect(watched([1000, 200, 300, 25, 400])).toEqual([
      { fromMs: 0, untilMs: 1500 },
      { fromMs: 1525, untilMs: 1925 },
    ]);
  });

  it('are known even before the timer that is due: what arrived may be read first', () => {
    const clock = lateClock();
    using watch = watchStalls(clock, LEAST_MS);
    clock.pass(1000);
    expect(watch.stalls).toEqual([{ fromMs: 0, untilMs: 1000 }]);
  });

  it('are forgotten when there are too many, the oldest first', () => {
    const stalls = watched(Array.from({ length: 10_000 }, (_, i) => (i % 2 === 0 ? 500 : 25)));
    expect(stalls).toHaveLength(2000);
    expect(stalls.at(-1)?.untilMs).toBe(5000 * 525 - 25);
  });

  it('are seen in a process that really does nothing, and are not watched for any longer than that', async () => {
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
