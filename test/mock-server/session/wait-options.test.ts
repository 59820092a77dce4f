import { describe, expect, it } from 'vitest';
import { mistakeInWait } from '../../../src/mock-server/session/wait-options.ts';
import { startMockServer } from '../../../src/mock-server/server.ts';

const KEYS = ['count', 'timeoutMs', 'signal', 'token'];

describe('the options of a wait', () => {
  it.each([
    ['null', null, 'next(): expected an object with count, timeoutMs, signal or token, got null'],
    ['a number', 500, 'next(): expected an object with count, timeoutMs, signal or token, got a number'],
    [
      'an unknown option',
      { within: 5 },
      'next(): within: unknown option; expected count, timeoutMs, signal or token',
    ],
    ['a mistyped option', { timeout: 5 }, 'next(): timeout: unknown option; did you mean "timeoutMs"?'],
    ['a time as text', { timeoutMs: '5' }, 'next(): timeoutMs: expected a number of milliseconds, 0 or more'],
    [
      'a time that is no number',
      { timeoutMs: NaN },
      'next(): timeoutMs: expected a number of milliseconds, 0 or more',
    ],
    ['a negative time', { timeoutMs: -1 }, 'next(): timeoutMs: expected a number of milliseconds, 0 or more'],
    ['a number as signal', { signal: 5 }, 'next(): signal: expected an AbortSignal'],
    ['a number as token', { token: 5 }, 'next(): token: expected a string'],
    ['a count of 0', { count: 0 }, 'next(): count: expected a whole number, 1 or more'],
  ])('refuse %s, and say what is wrong', (_what, given, told) => {
    expect(mistakeInWait('next()', given, KEYS)?.message).toBe(told);
  });

  it('may be absent, and undefined', () => {
    const signal = new AbortController().signal;

    expect(mistakeInWait('next()', {}, KEYS)).toBeUndefined();
    expect(mistakeInWait('next()', { timeoutMs: undefined, signal, token: '' }, KEYS)).toBeUndefined();
    expect(mistakeInWait('next()', { timeoutMs: 0, count: 1 }, KEYS)).toBeUndefined();
  });
});

// A signal that was not one used to end the process at the next reset, because it was not checked.
it('a wait with wrong options is rejected, and leaves nothing behind', async () => {
  await using fake = await startMockServer();
  const wrong: object = { signal: 5 };

  await expect(fake.nextSession(wrong)).rejects.toThrow('nextSession(): signal: expected an AbortSignal');
  await expect(fake.nextRefusal(wrong)).rejects.toThrow('nextRefusal(): signal: expected an AbortSignal');
  await fake.reset();
});
