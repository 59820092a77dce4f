/** How often a text may have been encoded again: JSON in JSON, a URL in a URL. More is not looked for. */
const DEEPEST = 8;

/** One way in which a secret may come back. */
export interface Spelling {
  /** Letters and digits that are in `overt(text)`, or in the text itself, wherever the pattern matches. */
  readonly hint: string;
  /** Made when it is first needed: few texts hold the hint. */
  readonly pattern: () => RegExp;
  /** The secret, or the piece of it, that is looked for. */
  readonly piece: string;
  /** What a match stands for: the secret, or the secret with other ones of its spaces being pluses. */
  readonly valueOf: (match: readonly (string | undefined)[]) => string;
}

/**
 * A secret in every spelling in which it may come back: as it is, percent-encoded (any character of it, any case, also
 * twice), as a form writes it, JSON-escaped, and within base64 or base64url at each of the three places where it may
 * begin.
 *
 * Strangers choose secret and text, so the parts are made such that no two ways through them meet again: a search that
 * fails must not try all of them.
 */
export function spellingsOf(secret: string): readonly Spelling[] {
  return [
    {
      hint: hintOf(secret),
      pattern: lazy(() => spelled(secret)),
      piece: secret,
      valueOf: (match) => asMatched(secret, match),
    },
    ...base64SpellingsOf(secret),
  ];
}

/** Within base64 a plus and a space are not alike. */
export function base64SpellingsOf(secret: string): readonly Spelling[] {
  return base64Cores(secret).map(({ known, last }) => ({
    hint: hintOf(known),
    pattern: lazy(() => base64Spelled(known, last)),
    piece: secret,
    valueOf: () => secret,
  }));
}

/** The groups of a match are the spaces and pluses. Where characters have been percent-encoded, a plus is a space. */
function asMatched(secret: string, [all = '', ...groups]: readonly (string | undefined)[]): string {
  const plus = escapesIn(all) > escapesIn(secret) ? ' ' : '+';
  let next = 0;
  return secret.replace(/[ +]/g, () => {
    const group = groups[next++] ?? '';
    if (group === '+') return plus;
    return /2b$/i.test(group) ? '+' : ' ';
  });
}

function escapesIn(text: string): number {
  return text.match(/%[\da-f]{2}/gi)?.length ?? 0;
}

/** A text with its letters and digits in the open, where they have been percent-encoded or escaped. */
export function overt(text: string): string {
  if (!text.includes('%') && !text.includes('\\u')) return text;
  return text.replace(ENCODED, (_all, percent?: string, unicode?: string) => {
    return String.fromCharCode(parseInt(percent ?? unicode ?? '', 16));
  });
}

const ENCODED = new RegExp(`%(?:25){0,${DEEPEST}}([\\da-f]{2})|\\\\u([\\da-f]{4})`, 'gi');

/** A percent sign or a backslash of the secret's own may be read as one that encodes so many characters after it. */
const REACH = 2 * DEEPEST + 4;

function hintOf(secret: string): string {
  const runs = [...secret.matchAll(/[a-z\d]+/gi)].map(({ index, 0: run }) => {
    const sign = Math.max(secret.lastIndexOf('%', index), secret.lastIndexOf('\\', index));
    return sign < 0 ? run : run.slice(Math.max(0, sign + REACH - index));
  });
  return runs.reduce((longest, run) => (run.length > longest.length ? run : longest), '');
}

function lazy(source: () => string): () => RegExp {
  let made: RegExp | undefined;
  return () => (made ??= new RegExp(source(), 'g'));
}

function spelled(secret: string): string {
  // eslint-disable-next-line regexp/no-super-linear-move -- a run of backslashes always matches: one character or the end follows
  return secret.replace(/(\\*)([^\\]|$)/gsu, (_all, slashes: string, character: string) => {
    const before = slashes.length;
    if (character === '') return before === 0 ? '' : run(before, before * DEEPEST);
    // A run of backslashes in the secret and those that escape the next character cannot be told apart.
    const escapes = before > 0 ? run(before, (before + 1) * DEEPEST) : '';
    if (character === ' ' || character === '+') return `${escapes}${spaceOrPlus(before === 0)}`;
    const escape = before > 0 ? '' : run(1, DEEPEST);
    const own = new Set([
      quoted(character),
      percentEncoded(character),
      ...[unicodeEscaped(character), ...shortEscape(character)].map((letters) => `${escape}${letters}`),
    ]);
    return `${escapes}(?:${[...own].join('|')})`;
  });
}

function run(least: number, most: number): string {
  return `(?:\\\\|${percentByte(0x5c)}){${least},${most}}`;
}

/** In a form a space is a plus, and who reads a plus may have meant either: both are hidden, and told apart. */
function spaceOrPlus(mayBeEscaped: boolean): string {
  const escapes = mayBeEscaped ? run(0, DEEPEST) : '';
  return `(${['[ +]', percentByte(0x20), percentByte(0x2b), `${escapes}u00(?:20|2[bB])`].join('|')})`;
}

function percentEncoded(character: string): string {
  return [...Buffer.from(character)].map(percentByte).join('');
}

/** `%2F`, `%2f`, `%252F`, … */
function percentByte(byte: number): string {
  return `%(?:25){0,${DEEPEST}}${anyCase(byte.toString(16).padStart(2, '0'))}`;
}

function unicodeEscaped(character: string): string {
  return Array.from({ length: character.length }, (_, at) => {
    return `u${anyCase(character.charCodeAt(at).toString(16).padStart(4, '0'))}`;
  }).join(run(1, DEEPEST));
}

function shortEscape(character: string): readonly string[] {
  if (character === '"' || character === '/') return [quoted(character)];
  const letter = { '\n': 'n', '\r': 'r', '\t': 't', '\b': 'b', '\f': 'f' }[character];
  return letter === undefined ? [] : [letter];
}

function anyCase(hex: string): string {
  return hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

function quoted(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/** Shorter pieces would be found in ordinary text. */
const SHORTEST_BASE64 = 6;

interface Base64Core {
  readonly known: string;
  readonly last: string;
}

/** What of the base64 text depends on the secret alone, whatever stands before and after it. */
function base64Cores(secret: string): readonly Base64Core[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].flatMap((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const from = Math.ceil((before * 8) / 6);
    const known = whole.slice(from, Math.floor(((before + bytes.length) * 8) / 6));
    const last = whole.slice(from + known.length).replace(/=/g, '');
    return before > 0 && known.length < SHORTEST_BASE64 ? [] : [{ known, last }];
  });
}

/** The character that holds the last bits is taken along where it is the one of a text that ends there. */
function base64Spelled(known: string, last: string): string {
  const end = last === '' ? '' : `(?:${base64Character(last)}={0,2})?`;
  return `${known.replace(/./g, base64Character)}${end}`;
}

function base64Character(character: string): string {
  if (character === '+') return `(?:[+-]|${percentByte(0x2b)})`;
  if (character === '/') return `(?:\\\\{0,${DEEPEST}}\\/|_|${percentByte(0x2f)})`;
  return character;
}
