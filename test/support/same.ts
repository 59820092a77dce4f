import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';

/**
 * Like `expect(actual).toEqual(expected)`, but many times faster if both are the same: for properties that compare much
 * data.
 */
export function expectSame<T>(actual: T, expected: T): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toEqual(expected);
}
