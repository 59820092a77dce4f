import { expect, it } from 'vitest';
import { manualClock } from '../../src/runtime/clock.ts';
import { sleep, sleepUntil, until, within } from '../../src/runtime/wait.ts';

/** Whether a promise has been settled so far. */
function watched(promise: Promise<unknown>): { isSettled: boolean } {
  const seen = { isSettled: false };
  const settle = () => void (seen.isSettled = true);
  promise.then(settle, settle);
  return seen;
}

it('sleeps for the given time, by the given clock', async () => {
  const clock = manualClock();
  const slept = watched(sleep(clock, 100));

  await clock.advance(99);

  expect(slept.isSettled).toBe(false);

  await clock.advance(1);
  expect(slept.isSettled).toBe(true);
});

it('does not sleep until a time in the past', async () => {
  const clock = manualClock();
  await clock.advance(50);
  const slept = watched(sleepUntil(clock, 20));

  await clock.advance(0);

  expect(slept.isSettled).toBe(true);
});

it.each(['before', 'after'])(
  'a signal that aborts %s the beginning of a sleep ends it, and no timer is left',
  async (when) => {
    const clock = manualClock();
    const abort = new AbortController();
    if (when === 'before') abort.abort();
    const sleeping = sleep(clock, 100, abort.signal);
    if (when === 'after') abort.abort();

    await sleeping;

    expect(clock.pending).toBe(0);
  },
);

it('waits until a condition holds', async () => {
  const clock = manualClock();
  let isMet = false;
  clock.at(35, () => (isMet = true));
  const waiting = until(clock, 1000, () => isMet);

  await clock.advance(1000);

  expect(await waiting).toBe(true);
});

it('waits no longer than its limit for a condition that never holds', async () => {
  const clock = manualClock();
  const waiting = until(clock, 1000, () => false);
  const waited = watched(waiting);

  await clock.advance(999);

  expect(waited.isSettled).toBe(false);

  await clock.advance(1);
  expect(await waiting).toBe(false);
});

it('gives up a promise at its limit, and before that passes on its value or its error', async () => {
  const clock = manualClock();
  const late = within(clock, 10, new Promise(() => undefined));

  await clock.advance(10);

  expect(await late).toBeUndefined();
  expect(await within(clock, 10, Promise.resolve('value'))).toBe('value');
  await expect(within(clock, 10, Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(clock.pending).toBe(0);
});
