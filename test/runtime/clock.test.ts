import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manualClock, realClock } from '../../src/runtime/clock.ts';

describe('the real clock', () => {
  it('never calls back before the time is due', async () => {
    const clock = realClock(50);
    const dues = [0, 1, 7.5, 33, 120, 500].map((ms) => clock.now() + ms);
    const firedAt = await Promise.all(
      dues.map((dueMs) => new Promise<number>((resolve) => clock.at(dueMs, () => resolve(clock.now())))),
    );
    firedAt.forEach((atMs, i) => expect(atMs).toBeGreaterThanOrEqual(dues[i] ?? Infinity));

    expect(clock.pending).toBe(0);
  });

  it('counts what is waiting, and forgets what is cancelled, once', () => {
    const clock = realClock();
    const cancel = clock.at(60_000, () => undefined);
    expect(clock.pending).toBe(1);

    cancel();
    cancel();
    expect(clock.pending).toBe(0);
  });

  it('takes times that are longer than a timer of Node can be', () => {
    const clock = realClock();
    const cancel = clock.at(2 ** 40, () => undefined);

    expect(clock.pending).toBe(1);

    cancel();
  });
});

describe('the manual clock', () => {
  it('runs what falls due in the order of its time, whatever the order of asking', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 20 }), async (dues) => {
        const clock = manualClock();
        const fired: number[] = [];
        for (const dueMs of dues) clock.at(dueMs, () => fired.push(clock.now()));
        await clock.advance(100);
        expect(fired).toEqual(dues.toSorted((a, b) => a - b));
        expect(clock.pending).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it('runs what a callback asks for, if that falls due as well', async () => {
    const clock = manualClock();
    const fired: number[] = [];
    clock.at(10, () => clock.at(15, () => fired.push(clock.now())));
    await clock.advance(20);

    expect(fired).toEqual([15]);
    expect(clock.now()).toBe(20);
  });

  it('stands still until it is advanced, and leaves what is not due', async () => {
    const clock = manualClock();
    let fired = false;
    const cancel = clock.at(10, () => (fired = true));
    await clock.advance(9.99);

    expect(fired).toBe(false);

    cancel();
    await clock.advance(10);
    expect(fired).toBe(false);
  });
});
