import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endOf, padded, startOf, widthOf, wrapped } from '../../../src/runtime/text/wrapped.ts';

describe('wrapped text', () => {
  it('is indented by the width of its prefix', () => {
    expect(wrapped('one two three four five', 24, '  - ')).toEqual(['  - one two three four', '    five']);
  });

  it('counts two columns for a CJK character and for an emoji', () => {
    expect(wrapped('語語語語語語語 語語語 👩‍👩‍👧 x', 20)).toEqual(['語語語語語語語', '語語語 👩‍👩‍👧 x'].flat());
    expect(padded('語', 4)).toBe('語  ');
  });

  it('breaks and loses no word, however narrow it is', () => {
    const word = fc.oneof(
      fc.constantFrom('a', 'flush', '語語語', 'x'.repeat(40), '👍'),
      fc.string({ unit: 'grapheme-ascii', minLength: 1 }),
    );

    fc.assert(
      fc.property(fc.array(word), fc.integer({ min: 1, max: 130 }), (words, columns) => {
        const text = words.join(' ').trim().replace(/\s+/g, ' ');
        const lines = wrapped(text, columns);
        expect(lines.join(' ')).toBe(text);
        const room = Math.max(20, columns);
        for (const line of lines) expect(widthOf(line) <= room || !line.includes(' ')).toBe(true);
      }),
    );
  });

  it('is one line without a width', () => {
    expect(wrapped('one two '.repeat(100).trim(), Infinity, '> ')).toEqual([
      `> ${'one two '.repeat(100).trim()}`,
    ]);
  });
});

describe('a part of a text', () => {
  it('has as much as fits, without half a character', () => {
    expect(startOf('語語語', 5)).toBe('語語');
    expect(endOf('語語語', 5)).toBe('語語');
    expect(startOf('a👩‍👩‍👧b', 2)).toBe('a');
    expect(endOf('a👩‍👩‍👧b', 3)).toBe('👩‍👩‍👧b');
    expect(startOf('short', 80)).toBe('short');
    expect(endOf('short', 80)).toBe('short');
  });
});
