import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { WHOLE, kindOf, sampleAt } from './kinds.ts';
import { mutationsOf } from './mutations.ts';

describe('the mutations of a sample', () => {
  it('are as many as counted by hand', () => {
    const rules = { flag: { wrong: [true] }, list: { tuple: true }, note: { optional: true } } as const;
    const mutations = mutationsOf({ flag: false, list: ['a', 1], note: 'b' }, rules);

    expect(mutations).toHaveLength(
      // the whole + flag: type, value, missing + list: type, length, missing + its two elements + note: type
      5 + (5 + 1 + 1) + (5 + 3 + 1) + 2 * 5 + 5,
    );
    expect(mutations.map(({ value }) => value)).toContainEqual({ flag: false, list: ['a'], note: 'b' });
    expect(mutations.map(({ value }) => value)).toContainEqual({
      flag: false,
      list: ['a', 1],
      note: null,
    });
    expect(mutations.map(({ value }) => value)).toContainEqual({ list: ['a', 1], note: 'b' });
    expect(mutations.map(({ value }) => value)).not.toContainEqual({ flag: false, list: ['a', 1] });
  });

  it.each(WHOLE)('of $source are many, all different, and do not change the sample', (sample) => {
    const before = structuredClone(sample.message);
    const mutations = mutationsOf(sample.message, kindOf(sample).rules);
    expect(sample.message).toEqual(before);
    // At least five wrong types for each value.
    expect(mutations.length).toBeGreaterThanOrEqual(5 * valuesIn(sample.message) - 1);

    for (const { what, value } of mutations) expect(isDeepStrictEqual(value, before), what).toBe(false);
    expect(new Set(mutations.map(({ value }) => JSON.stringify(value))).size).toBe(mutations.length);
  });

  it('reach every field of a word', () => {
    const { message } = sampleAt('S0:58');
    const whats = mutationsOf(message, kindOf(sampleAt('S0:58')).rules).map(({ what }) => what);
    for (const part of ['0', '1', '2', '3']) {
      expect(whats.filter((what) => what.includes(`words.*.${part} is `))).toHaveLength(6 * 5);
    }
  });
});

/** The number of values in a sample, including objects, lists and the sample itself. */
function valuesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce<number>((count, inner) => count + valuesIn(inner), 1);
}
