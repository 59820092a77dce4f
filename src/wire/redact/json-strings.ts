import type { Span } from './stand-ins.ts';

/** A string of JSON without its quotes: a name or a value. */
export interface JsonString extends Span {
  readonly isName: boolean;
}

const COLON = /\s{0,16}:/y;

/** The strings of a text that looks like JSON, whole or cut off; undefined for other texts. */
export function jsonStrings(text: string): readonly JsonString[] | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  const strings: JsonString[] = [];
  for (let from = text.indexOf('"'); from >= 0;) {
    const to = closingQuote(text, from + 1);
    strings.push({ from: from + 1, to, isName: isName(text, to) });
    from = text.indexOf('"', to + 1);
  }
  return strings;
}

/** Whether the quote at `end` is followed by a colon. */
export function isName(text: string, end: number): boolean {
  COLON.lastIndex = end + 1;
  return COLON.test(text);
}

/** Where the string that begins at `from` ends: at its quote, or at the end of a text that was cut off. */
export function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (at - slashes > from && text.charAt(at - slashes - 1) === '\\') slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  return text.length;
}
