import { expect, it } from 'vitest';
import { manualClock } from '../../src/runtime/clock.ts';
import { concurrently } from '../../src/runtime/concurrently.ts';
import { sleep } from '../../src/runtime/wait.ts';

it('works on at most the given number of items at the same time, and keeps the order of the results', async () => {
  const clock = manualClock();
  let running = 0;
  let most = 0;
  const working = concurrently([50, 10, 40, 20, 30], 2, async (ms, index) => {
    running += 1;
    most = Math.max(most, running);
    await sleep(clock, ms);
    running -= 1;
    return `${index}: ${ms}`;
  });

  await clock.advance(1000);

  expect(await working).toEqual(['0: 50', '1: 10', '2: 40', '3: 20', '4: 30']);
  expect(most).toBe(2);
});

it('begins each item when one before it is done, not when all are', async () => {
  const clock = manualClock();
  const begun: (readonly [number, number])[] = [];
  const working = concurrently([100, 10, 10], 2, async (ms) => {
    begun.push([ms, clock.now()]);
    await sleep(clock, ms);
  });

  await clock.advance(1000);
  await working;

  expect(begun).toEqual([
    [100, 0],
    [10, 0],
    [10, 10],
  ]);
});

it('throws the first error', async () => {
  const work = (item: string) =>
    item === 'b' ? Promise.reject(new Error('b is broken')) : Promise.resolve();

  await expect(concurrently(['a', 'b', 'c'], 2, work)).rejects.toThrow('b is broken');
});

it('has no results for no items', async () => {
  expect(await concurrently([], 4, () => Promise.resolve(1))).toEqual([]);
});
