const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = new Set([0x5b, 0x7b]);
const CLOSED = new Set([0x5d, 0x7d]);

/**
 * Whether the lists and objects of a JSON text are nested more than `levels` deep. It scans the text once and keeps one
 * number, so it can be called before anything recursive processes the text. For a text that is not JSON the result
 * means nothing.
 */
export function isDeeperThan(text: string, levels: number): boolean {
  // Each level takes a character.
  if (text.length <= levels) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === QUOTE) at = endOfString(text, at);
    else if (OPEN.has(character)) depth += 1;
    else if (CLOSED.has(character)) depth -= 1;
    if (depth > levels) return true;
  }
  return false;
}

/** The index of the quote that ends the string, or of the end of the text. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}

/**
 * The maximum nesting of JSON from outside. The vendors' messages have three levels, and the parsers of many languages
 * refuse more than a few hundred; the engine's own parses any depth, but cannot write it again.
 */
export const DEEPEST_JSON = 200;

/** The description of JSON that is nested deeper. */
export const TOO_DEEP = `nested more than ${DEEPEST_JSON} levels deep`;

/** The value of a JSON text. @throws SyntaxError if it is not JSON, or is nested deeper than DEEPEST_JSON */
export function parseJson(text: string): unknown {
  if (isDeeperThan(text, DEEPEST_JSON)) throw new SyntaxError(TOO_DEEP);
  return JSON.parse(text);
}
