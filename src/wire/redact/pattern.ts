import { DEEPEST, REACH } from './readings.ts';

/** One spelling in which a secret may occur. */
export interface Spelling {
  /** Letters and digits, each of which can be read in a text (`readingsOf`) wherever the pattern matches. */
  readonly hints: readonly string[];
  /** Built when it is first needed, because few texts contain the hints. */
  readonly pattern: () => RegExp;
  /** The secret, or the piece of it, that is searched for. */
  readonly piece: string;
  /** The value of a match: the secret, or the secret with pluses for some other of its spaces. */
  readonly valueOf: (match: readonly (string | undefined)[]) => string;
}

/**
 * All spellings in which a secret may occur: literally, percent-encoded (any character of it, in any case, also twice),
 * form-encoded, JSON-escaped, and within base64 or base64url at each of the three possible offsets.
 *
 * Strangers choose secret and text, so the parts are built such that no two ways through them meet again: a failing
 * search must not try all of them.
 */
export function spellingsOf(secret: string): readonly Spelling[] {
  return [
    {
      hints: hintsOf(secret),
      pattern: lazy(() => spelled(secret)),
      piece: secret,
      valueOf: (match) => asMatched(secret, match),
    },
    ...base64SpellingsOf(secret),
  ];
}

/** Within base64 a plus and a space are different. */
export function base64SpellingsOf(secret: string): readonly Spelling[] {
  return base64Cores(secret).map(({ known, last }) => ({
    hints: hintsOf(known),
    pattern: lazy(() => base64Spelled(known, last)),
    piece: secret,
    valueOf: () => secret,
  }));
}

/** The groups of a match are its spaces and pluses. In a percent-encoded text a plus is a space. */
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

function hintsOf(secret: string): readonly string[] {
  return [...secret.matchAll(/[a-z\d]+/gi)].map(({ index, 0: run }) => {
    const sign = Math.max(secret.lastIndexOf('%', index), secret.lastIndexOf('\\', index));
    return sign < 0 ? run : run.slice(Math.max(0, sign + REACH - index));
  });
}

function lazy(source: () => string): () => RegExp {
  let made: RegExp | undefined;
  return () => (made ??= new RegExp(source(), 'g'));
}

function spelled(secret: string): string {
  // Were this in the secret as well, there would be two ways to read it again and again.
  const backslash = /u005c/i.test(secret) ? BACKSLASH : `${BACKSLASH}(?:u005[cC])?`;
  // oxlint-disable-next-line regexp/no-super-linear-move -- a run of backslashes always matches: one character or the end follows
  return secret.replace(/(\\*)([^\\]|$)/gsu, (_all, slashes: string, character: string) => {
    const before = slashes.length;
    if (character === '') return before === 0 ? '' : run(before, before * DEEPEST, backslash);
    // A run of backslashes in the secret cannot be distinguished from those that escape the next character.
    const escapes = before > 0 ? run(before, (before + 1) * DEEPEST, backslash) : '';
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

const BACKSLASH = `(?:\\\\|${percentByte(0x5c)})`;

function run(least: number, most: number, backslash = BACKSLASH): string {
  return `(?:${backslash}){${least},${most}}`;
}

/** In a form a space is a plus, and a plus may mean either: both are hidden, with different stand-ins. */
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
  const escaped = { '"': '"', '/': '/', '\n': 'n', '\r': 'r', '\t': 't', '\b': 'b', '\f': 'f' }[character];
  return escaped === undefined ? [] : [quoted(escaped), percentEncoded(escaped)];
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

/** The parts of the base64 text that depend only on the secret, whatever precedes and follows it. */
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

/** The character with the last bits is included if it is the one of a text that ends there. */
function base64Spelled(known: string, last: string): string {
  const end = last === '' ? '' : `(?:${base64Character(last)}={0,2})?`;
  return `${known.replace(/./g, base64Character)}${end}`;
}

function base64Character(character: string): string {
  if (character === '+') return `(?:[+-]|${percentByte(0x2b)}|${run(1, DEEPEST)}u002[bB])`;
  if (character === '/') {
    const slash = `(?:\\/|${percentByte(0x2f)})`;
    return `(?:${slash}|_|${run(1, DEEPEST)}(?:${slash}|u002[fF]))`;
  }
  return character;
}
