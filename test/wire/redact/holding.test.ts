import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdingAny } from '../../../src/wire/redact/holding.ts';
import { newRedactor } from '../../../src/wire/redact/redact.ts';

const LETTER = fc.constantFrom('a', 'B', 'b', 'A', ':', '/', '-', '_', '\u212a', 'é', '漢', '\ud83d\ude00');
const WORD = fc.string({
  unit: fc.constantFrom('a', 'b', 'B', ':', '/', '_', '-'),
  minLength: 2,
  maxLength: 5,
});

function inSmallLetters(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

describe('a search for any of several words', () => {
  it.each([
    ['a TOKEN of mine', true],
    ['tokeN', true],
    ['a toke', false],
    ['éétoken漢', true],
    ['it is eyJhbGci', true],
    ['it is EYJHBGCI', false],
    ['see wss://h', true],
    ['see wss: //h', false],
    ['', false],
  ])('finds one in "%s": %s', (text, isHeld) => {
    expect(holdingAny(['token', 'eyJ', ':/'])(text)).toBe(isHeld);
  });

  it('finds the same as a search for each word', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(WORD, { maxLength: 6 }),
        fc.string({ unit: LETTER, maxLength: 40 }),
        (given, text) => {
          // Words of two characters are punctuation, which has no case.
          const words = given.filter((word) => word.length > 2 || /^[^a-z]*$/i.test(word));
          const isHeld = words.some((word) =>
            /[A-Z]/.test(word) ? text.includes(word) : inSmallLetters(text).includes(word),
          );
          expect(holdingAny(words)(text)).toBe(isHeld);
        },
      ),
      { numRuns: 300 },
    );
  });
});

// A text is searched for secrets of a certain form only if it has one of some words.
it.each([
  ...['sk-abcdefghij0123456789', 'sk_live_abcdefgh12', 'pk_test_abcdefgh12', 'rk_live_abcdefgh12'],
  ...['ghp_abcdefghij012345', 'gho_abcdefghij012345', 'ghu_abcdefghij012345', 'ghs_abcdefghij012345'],
  ...['ghr_abcdefghij012345', 'github_pat_abcdefghij012345', 'glpat-abcdefghij012345', 'xoxb-abcdefghij'],
  ...['AKIAABCDEFGHIJKLMNOP', 'ASIAABCDEFGHIJKLMNOP', 'AIzaabcdefghijklmnopqrstuvwxyz0123'],
  ...['ya29.abcdefghij012345', 'npm_abcdefghijklmnopqrst', 'hf_abcdefghij012345'],
  ...['SG.abcdefghij012345.abcdefghij012345', 'eyJhbGciOi.abc', 'eyAiYWxnIjo.abc.def'],
  ...['eyIiYWxnIjo.abc.def', 'ewoiYWxnIjo.abc.def', 'ewkiYWxnIjo.abc.def'],
  ...['-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----'],
])('%s is found by its form', (secret) => {
  expect(newRedactor().text(`It was ${secret}, he said`)).toBe('It was redacted-1, he said');
});

it.each(['Bearer', 'BASIC', 'apikey', 'Api-Key', 'token', 'Digest', 'negotiate', 'KEY'])(
  'a credential after %s is found',
  (scheme) => {
    expect(newRedactor().text(`It was ${scheme} 0123abcd4567efgh, he said`)).toBe(
      `It was ${scheme} redacted-1, he said`,
    );
  },
);
