import fc from 'fast-check';
import { expect, it } from 'vitest';
import { chance, chooseInteger } from '../../src/runtime/random.ts';

it('the same seed and index give the same number, always from 0 to below 1', () => {
  fc.assert(
    fc.property(fc.nat(), fc.string(), fc.nat(), (seed, key, index) => {
      const at = chance(seed, key, index);
      expect(at).toBe(chance(seed, key, index));
      expect(at).toBeGreaterThanOrEqual(0);
      expect(at).toBeLessThan(1);
    }),
  );
});

it('neighbouring seeds and indexes give evenly spread numbers', () => {
  const tenths = new Array<number>(10).fill(0);
  for (let seed = 0; seed < 100; seed++) {
    for (let index = 0; index < 100; index++) {
      const tenth = Math.floor(chance(seed, 'word', index) * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
  }
  for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(150);
});

it('a number from a range can be either end, but not outside', () => {
  expect(chooseInteger(3, 5, 0)).toBe(3);
  expect(chooseInteger(3, 5, 0.999_999)).toBe(5);
});
