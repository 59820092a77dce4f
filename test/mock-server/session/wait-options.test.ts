import { describe, expect, it } from 'vitest';
import { mistakeInWait } from '../../../src/mock-server/session/wait-options.ts';
import { startMockServer } from '../../../src/mock-server/server.ts';

const KEYS = ['count', 'timeoutMs', 'signal', 'token'];

describe('the options of a wait', () => {
  it.each([
    [null, 'next(): expected an object with count, timeoutMs, signal, token'],
    [500, 'next(): expected an object with count, timeoutMs, signal, token'],
    [{ tokens: 'x' }, 'next(): unknown option tokens; expected count, timeoutMs, signal, token'],
    [{ timeoutMs: '5' }, 'next(): timeoutMs: expected a number of milliseconds, 0 or more'],
    [{ timeoutMs: NaN }, 'next(): timeoutMs: expected a number of milliseconds, 0 or more'],
    [{ timeoutMs: -1 }, 'next(): timeoutMs: expected a number of milliseconds, 0 or more'],
    [{ signal: 5 }, 'next(): signal: expected an AbortSignal'],
    [{ token: 5 }, 'next(): token: expected a string'],
    [{ count: 0 }, 'next(): count: expected a whole number, 1 or more'],
  ])('%j are wrong, and it says how', (given, told) => {
    expect(mistakeInWait('next()', given, KEYS)?.message).toBe(told);
  });

  it('may be absent, and undefined', () => {
    const signal = new AbortController().signal;

    expect(mistakeInWait('next()', {}, KEYS)).toBeUndefined();
    expect(mistakeInWait('next()', { timeoutMs: undefined, signal, token: '' }, KEYS)).toBeUndefined();
    expect(mistakeInWait('next()', { timeoutMs: 0, count: 1 }, KEYS)).toBeUndefined();
  });
});

// A signal that is none ended the process at the next reset, as nothing had looked at it.
it('a wait with wrong options is rejected, and leaves nothing behind', async () => {
  await using fake = await startMockServer();
  const wrong: object = { signal: 5 };

  await expect(fake.nextSession(wrong)).rejects.toThrow('nextSession(): signal: expected an AbortSignal');
  await expect(fake.nextRefusal(wrong)).rejects.toThrow('nextRefusal(): signal: expected an AbortSignal');
  await fake.reset();
});
