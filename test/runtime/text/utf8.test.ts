import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUtf8 } from '../../../src/runtime/text/utf8.ts';

const bytes = (...parts: readonly (string | readonly number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

describe('text from a file', () => {
  it('is what was written, without a byte order mark', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(decodeUtf8(Buffer.from(text))).toEqual({ text: text.replace(/^\ufeff/, '') });
      }),
    );
    expect(decodeUtf8(bytes([0xef, 0xbb, 0xbf], 'a'))).toEqual({ text: 'a' });
  });

  it.each([
    [
      'a letter of Windows-1252',
      bytes('één: 1\nsummary: caf', [0xe9], '!\n'),
      2,
      13,
      /the byte 0xe9.*Windows-1252/,
    ],
    ['the first byte', bytes([0xff], 'x'), 1, 1, /the byte 0xff/],
    ['UTF-16, little-endian', bytes([0xff, 0xfe, 0x61, 0]), 1, 1, /UTF-16/],
    ['UTF-16, big-endian', bytes([0xfe, 0xff, 0, 0x61]), 1, 1, /UTF-16/],
    ['a character that is cut off', bytes('a\nb', [0xe2, 0x82]), 2, 2, /./],
  ])('names the place of bytes that are not UTF-8: %s', (_what, given, line, column, fault) => {
    expect(decodeUtf8(given)).toEqual({ line, column, fault: expect.stringMatching(fault) as string });
  });
});
