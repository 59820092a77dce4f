import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

/** A narrower text is not readable; the terminal then breaks the lines. */
const NARROWEST = 20;

/** The columns that a text takes on a terminal: two for a CJK character or an emoji, none for a combining mark. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** The same text, padded to this many columns. */
export function padded(text: string, columns: number, filler = ' '): string {
  return text + filler.repeat(Math.max(0, columns - widthOf(text)));
}

/**
 * Wraps a text at spaces without breaking words: a word wider than a line gets a line to itself.
 *
 * @param columns the width of a line; Infinity wraps nothing
 * @param head the beginning of the first line; the others are indented by its width
 */
export function wrapped(text: string, columns: number, head = ''): readonly string[] {
  const indent = ' '.repeat(widthOf(head));
  const lines = Number.isFinite(columns)
    ? wrapAnsi(text, Math.max(NARROWEST, columns - indent.length)).split('\n')
    : [text];
  return lines.map((line, i) => `${i === 0 ? head : indent}${line}`.trimEnd());
}

/** As much of the beginning of a text as fits into this many columns, without cutting a character in half. */
export function startOf(text: string, columns: number): string {
  let width = 0;
  let end = 0;
  // A character has at least one unit, and few have no width, so the rest cannot fit.
  for (const { segment } of GRAPHEMES.segment(text.slice(0, columns * UNITS_PER_COLUMN))) {
    width += widthOf(segment);
    if (width > columns) break;
    end += segment.length;
  }
  return text.slice(0, end);
}

/** As much of the end of a text as fits into this many columns. */
export function endOf(text: string, columns: number): string {
  let width = 0;
  let start = text.length;
  const tail = text.slice(Math.max(0, text.length - columns * UNITS_PER_COLUMN));
  for (const { segment } of [...GRAPHEMES.segment(tail)].reverse()) {
    width += widthOf(segment);
    if (width > columns) break;
    start -= segment.length;
  }
  return text.slice(start);
}

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** An emoji of several people has 11 UTF-16 units in two columns. */
const UNITS_PER_COLUMN = 12;
