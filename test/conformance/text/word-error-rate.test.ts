import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_WORDS, wordErrorRate } from '../../../src/conformance/text/word-error-rate.ts';

const words = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 });
const rate = (a: string, b: string) => wordErrorRate(split(a), split(b));
const split = (text: string) => (text === '' ? [] : text.split(' '));

describe('the word error rate', () => {
  it.each([
    ['', '', 0],
    ['a b c', 'a b c', 0],
    ['a b c d', 'a x c d', 0.25],
    ['a b c d', 'a c d', 0.25],
    ['a c d', 'a b c d', 0.25],
    ['a b', 'b a', 1],
    ['a b', '', 1],
    ['', 'a', 1],
    ['a b c', 'x y z', 1],
    ['x a b c', 'a b c y', 0.5],
  ])('of "%s" and "%s" is %d', (a, b, expected) => {
    expect(rate(a, b)).toBe(expected);
  });

  it('is from 0 to 1, is 0 only for the same words, and is the same in both directions', () => {
    fc.assert(
      fc.property(words, words, (a, b) => {
        const both = wordErrorRate(a, b);
        expect(both).toBeGreaterThanOrEqual(0);
        expect(both).toBeLessThanOrEqual(1);
        expect(both === 0).toBe(a.join(' ') === b.join(' '));
        expect(wordErrorRate(b, a)).toBe(both);
      }),
    );
  });

  it('counts at most one more edit for one more word', () => {
    fc.assert(
      fc.property(words, words, (a, b) => {
        const edits = wordErrorRate(a, b) * Math.max(a.length, b.length);
        const more = wordErrorRate([...a, 'x'], b) * Math.max(a.length + 1, b.length);
        expect(Math.abs(Math.round(more) - Math.round(edits))).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('compares only the beginnings of texts that are too long', () => {
    const long = Array.from({ length: MOST_WORDS }, () => 'a');
    expect(wordErrorRate([...long, 'b'], [...long, 'c', 'd'])).toBe(0);
  });
});
