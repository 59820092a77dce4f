import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  LONGEST_LINE_BYTES,
  MOST_BYTES,
  MOST_LINES,
  ReportLines,
} from '../../../../src/conformance/client/reports/report-lines.ts';

const read = (...pieces: readonly (string | Buffer)[]) => {
  const lines = new ReportLines();
  for (const [i, piece] of pieces.entries()) lines.push(Buffer.from(piece), i);
  lines.end(pieces.length);
  return lines;
};
const texts = (lines: ReportLines) => lines.lines.map(({ text }) => text);

it.each([
  ['a line', ['a\n'], ['a']],
  ['a line without an end', ['a'], ['a']],
  ['lines in one piece', ['a\nb\n'], ['a', 'b']],
  ['a line in several pieces', ['a', 'b', 'c\nd'], ['abc', 'd']],
  ['a character in two pieces', [Buffer.from([0xc3]), Buffer.from([0xa7, 10])], ['ç']],
  ['lines with CRLF, and empty ones', ['a\r\n\r\n\n \nb\n'], ['a\r', 'b']],
  ['nothing', [''], []],
  ['the longest line', ['x'.repeat(LONGEST_LINE_BYTES)], ['x'.repeat(LONGEST_LINE_BYTES)]],
  ['a line that is too long', [`${'x'.repeat(LONGEST_LINE_BYTES)}y\nz`], [undefined, 'z']],
  [
    'a line that is too long, in pieces and without an end',
    ['x'.repeat(LONGEST_LINE_BYTES), 'y', 'y'],
    [undefined],
  ],
])('the lines are read from %s', (_what, pieces, expected) => {
  expect(texts(read(...pieces))).toEqual(expected);
});

it('a line has the time of its end', () => {
  expect(read('a', 'b\nc', '\n').lines).toEqual([
    { atMs: 1, text: 'ab' },
    { atMs: 2, text: 'c' },
  ]);
});

it('the lines do not depend on how the output is cut into pieces', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '\n', 'ç', ' '), maxLength: 60 });
  fc.assert(
    fc.property(text, fc.array(fc.nat(60), { maxLength: 5 }), (all, cuts) => {
      const bytes = Buffer.from(all);
      const at = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
      const pieces = at.slice(1).map((to, i) => bytes.subarray(at[i], to));
      expect(texts(read(...pieces))).toEqual(texts(read(bytes)));
    }),
  );
});

it('reading stops at a limit of lines and of bytes, and the rest is counted', () => {
  const many = read('\n'.repeat(MOST_LINES - 1), 'last\nmore\n', 'and more');
  expect([texts(many), many.unreadByteCount]).toEqual([['last'], 'more\nand more'.length]);

  const line = Buffer.from(`${'x'.repeat(LONGEST_LINE_BYTES)}\n`);
  const count = MOST_BYTES / LONGEST_LINE_BYTES;
  const long = read(...Array.from({ length: count + 2 }, () => line));

  expect([long.lines.length, long.unreadByteCount]).toEqual([count, 2 * line.length]);
});
