import { expect, it } from 'vitest';
import { beginsNow, LONGEST_WAIT_MS, patienceMs } from '../../src/vitest/patience.ts';
import { wallNowMs } from '../../src/runtime/wall-time.ts';

// The time-out of a matcher used to be that of vitest itself, 5,000 ms, so vitest always reported that the test took too long
// instead of what the client had sent.

it.each([50, 200, 1000, 5000, 60_000, 600_000])(
  'a test of %d ms has time left when a wait ends',
  (timeout) => {
    const test = { timeout };
    beginsNow(test);

    expect(patienceMs(test)).toBeLessThan(timeout);
    expect(patienceMs(test)).toBeGreaterThan(0);
    expect(patienceMs(test, 2 * timeout)).toBeLessThan(timeout);
    expect(patienceMs(test, 10)).toBe(10);
  },
);

it.each([1000, 4000, 4900, 4999, 5001, 9000])(
  'a test of 5000 ms that has already taken %d ms has time left, too',
  (takenMs) => {
    const test = { timeout: 5000, result: { startTime: wallNowMs() - takenMs } };
    expect(patienceMs(test)).toBeLessThan(Math.max(1, 5000 - takenMs));
  },
);

it('a test that is retried has all of its time again', () => {
  const test = { timeout: 5000, result: { startTime: wallNowMs() - 60_000, retryCount: 1 } };
  expect(patienceMs(test)).toBe(4500);
});

it.each([0, Infinity])('a wait in a test without a limit (%d) has the default one', (timeout) => {
  expect(patienceMs({ timeout })).toBe(LONGEST_WAIT_MS);
});

it('a wait outside of a test has the default limit', () => {
  expect(patienceMs(undefined)).toBe(LONGEST_WAIT_MS);
});
