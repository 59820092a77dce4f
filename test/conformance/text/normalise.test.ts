import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalise, wordsOf } from '../../../src/conformance/text/normalise.ts';
import { anyCharacter } from '../../support/any-character.ts';

describe('normalising a text', () => {
  it.each([
    ['Hi, how are you?', 'hi how are you'],
    ["  I'm\tdoing\n fine … ", 'im doing fine'],
    ['I’m', 'im'],
    ['well-known – and/or', 'well known and or'],
    ['ﬁne ｆｉｎｅ', 'fine fine'],
    ['Cafe\u0301', 'caf\u00e9'],
    ['e\u200d\u0301', '\u00e9'],
    ['1,000', '1000'],
    ['5 %', '5'],
    ['', ''],
    [' ?! ', ''],
  ])('"%s" becomes "%s"', (text, expected) => {
    expect(normalise(text)).toBe(expected);
  });

  it('does not change a normalised text, and leaves no extra spaces', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (text) => {
        const once = normalise(text);
        expect(normalise(once)).toBe(once);
        expect(once).not.toMatch(/^ | $| {2}/);
      }),
    );
  });

  it('gives the same for ASCII alone as within other text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => {
        expect(normalise(`é ${text} é`)).toBe(['é', ...wordsOf(text), 'é'].join(' '));
      }),
    );
  });

  it('gives the words', () => {
    expect(wordsOf(' Yes - yes! ')).toEqual(['yes', 'yes']);
    expect(wordsOf('...')).toEqual([]);
  });
});
