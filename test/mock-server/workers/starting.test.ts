import { expect, it } from 'vitest';
import { tellStarting } from '../../../src/mock-server/workers/starting.ts';
import { manualClock } from '../../../src/runtime/clock.ts';

it('someone who waits for workers is told every three seconds how many are ready, until all are', async () => {
  const clock = manualClock();
  const told: string[] = [];
  let ready = 0;
  const stop = tellStarting(clock, { count: 65, processors: 2, ready: () => ready }, (text) =>
    told.push(text),
  );

  await clock.advance(2999);
  expect(told).toEqual([]);
  ready = 12;
  await clock.advance(3001);
  stop();
  await clock.advance(60_000);

  const why = 'there are 2 processors, and more workers than that make nothing faster';
  expect(told).toEqual(Array(2).fill(`Starting workers, 12 of 65 so far; ${why}`));
});

it('no one is told anything about processors if there are enough', async () => {
  const clock = manualClock();
  const told: string[] = [];
  tellStarting(clock, { count: 4, processors: 4, ready: () => 1 }, (text) => told.push(text));
  await clock.advance(3000);

  expect(told).toEqual(['Starting workers, 1 of 4 so far']);
});
