import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stability } from '../../src/generate/stability.ts';

test('a segment begins like the sample of the documents (S0:79-82)', () => {
  expect([1, 2, 3, 4].map(stability)).toEqual([0.6, 0.7, 0.8, 0.85]);
});

test('each of the first 52 partials is more stable than the one before', () => {
  const rising = Array.from({ length: 52 }, (_, i) => stability(i + 1));
  for (const [i, value] of rising.entries()) {
    if (i > 0) expect(value, `partial ${i + 1}`).toBeGreaterThan(rising[i - 1] ?? 1);
  }
});

test('a stability is 0.6 to 0.999 with at most three decimals, and never decreases', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (updates) => {
      const value = stability(updates);
      expect(value).toBeGreaterThanOrEqual(0.6);
      expect(value).toBeLessThan(1);
      expect(value).toBe(Number(value.toFixed(3)));
      expect(stability(updates + 1)).toBeGreaterThanOrEqual(value);
    }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), (updates) => {
      expect(stability(updates + 1)).toBeGreaterThanOrEqual(stability(updates));
    }),
  );
});

test.each([0, -1, 0.5])('%s updates count as one', (updates) => {
  expect(stability(updates)).toBe(0.6);
});
