import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newRedactor } from '../../../src/wire/redact/redact.ts';

type Write = (text: string) => string;

function percentEncoded(text: string): string {
  return Buffer.from(text).toString('hex').replace(/../g, '%$&');
}

function unicodeEscaped(text: string): string {
  return text.replace(/[^]/g, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** Encodes the characters for which a bit is set. */
function some(write: Write, bits: number): Write {
  return (text) => Array.from(text, (each, at) => ((bits >> (at % 16)) & 1 ? write(each) : each)).join('');
}

/** The ways in which a secret itself may be written: the first ones encode letters and digits, too. */
const WRITTEN = fc.oneof(
  fc
    .tuple(fc.constantFrom(percentEncoded, unicodeEscaped), fc.nat(2 ** 16 - 1))
    .map(([write, bits]) => some(write, bits)),
  fc.constantFrom<Write>(
    (secret) => secret,
    percentEncoded,
    unicodeEscaped,
    (secret) => Buffer.from(secret).toString('base64'),
    (secret) => Buffer.from(`a${secret}b`).toString('base64url'),
    (secret) => Buffer.from(`ab${secret}cd`).toString('base64'),
  ),
);

/** The ways in which a text that contains a secret may be encoded, also repeatedly. */
const AGAIN = fc.constantFrom<Write>(
  encodeURIComponent,
  (text) => encodeURIComponent(text).replace(/%../g, (escape) => escape.toLowerCase()),
  (text) => new URLSearchParams({ a: text }).toString().slice(2),
  inJson,
  (text) => inJson(text).replaceAll('/', '\\/'),
  (text) => inJson(text).replace(/[+'<>&\u0080-\uffff]/g, unicodeEscaped),
);

const SECRET = fc.string({
  unit: fc.constantFrom(...Array.from('abc01256u%\\+ -"/>?\n'), 'é', '漢', '\ud83d\ude00'),
  minLength: 6,
  maxLength: 14,
});

const CASE = fc
  .record({
    secrets: fc.uniqueArray(SECRET, { minLength: 1, maxLength: 3 }),
    parts: fc.array(
      fc.record({
        at: fc.nat(2),
        write: WRITTEN,
        before: fc.constantFrom('', ' ', '5%', '%6', '%256', '\\', '\\u00', '%5c', '%5cu006', '{"x":"'),
        after: fc.constantFrom('', ' ', '%', '\\', '"', '&x='),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    again: fc.array(AGAIN, { maxLength: 2 }),
  })
  .map(({ secrets, parts, again }) => {
    const text = parts
      .map(({ at, write, before, after }) => before + write(secrets[at % secrets.length] ?? '') + after)
      .join('');
    return { secrets, text: again.reduce((written, write) => write(written), text) };
  });

const LETTERS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

const DECODERS: readonly Write[] = [
  (text) =>
    text.replace(/(?:%[\da-f]{2})+/gi, (escapes) =>
      Buffer.from(escapes.replaceAll('%', ''), 'hex').toString(),
    ),
  (text) => text.replaceAll('+', ' '),
  (text) =>
    text.replace(/\\(?:u([\da-f]{4})|([^]))/gi, (_all, unicode: string | undefined, letter: string) =>
      unicode === undefined ? (LETTERS[letter] ?? letter) : String.fromCharCode(parseInt(unicode, 16)),
    ),
];

function inBase64(text: string): readonly string[] {
  return [...text.matchAll(/[\w+/-]{6,}/g)].flatMap(([run]) =>
    [0, 1, 2, 3].map((from) => Buffer.from(run.slice(from), 'base64').toString()),
  );
}

/** Everything that can be read in a text, decoded in any way. */
function readings(text: string): readonly string[] {
  const found = new Set([text]);
  // A set also visits what is added meanwhile. This ends, as each decoder makes a text shorter or removes a character.
  for (const each of found) for (const decode of DECODERS) found.add(decode(each));
  return [...found].flatMap((each) => [each, ...inBase64(each)]);
}

describe('a secret that was learned', () => {
  it('cannot be read in any text afterwards, however it was written there', () => {
    fc.assert(
      fc.property(CASE, ({ secrets, text }) => {
        const redactor = newRedactor();
        for (const secret of secrets) redactor.learn(secret);
        const left = readings(redactor.text(text));
        expect(secrets.filter((secret) => left.some((each) => each.includes(secret)))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    // Decoded from its beginning, the text read `a1a+` only, and `11a+` was not searched for.
    ['whose beginning ends an escape', '11ab+', '5%11%61b%2b', '5%redacted-1'],
    ['whose beginning ends the escape of a backslash', '5ca1', '%5c\\u0061\\u0031', '%redacted-1'],
    // All but one of several backslashes stood between the letters.
    ['escaped in JSON in JSON', 'ab12-c', inJson(unicodeEscaped('ab12-c')), 'redacted-1'],
    ['escaped in JSON in a query', 'ab12-c', encodeURIComponent(unicodeEscaped('ab12-c')), 'redacted-1'],
    ['with a quote, in JSON in a query', 'ab12"cd', encodeURIComponent(inJson('ab12"cd')), 'redacted-1'],
    ['with a slash, in JSON in a query', 'ab12/cd', encodeURIComponent('ab12\\/cd'), 'redacted-1'],
    ['with a line break, in JSON in a query', 'ab12\ncd', 'ab12%5c%6ecd', 'redacted-1'],
    ['with a backslash, escaped', 'ab12\\cd', unicodeEscaped('ab12\\cd'), 'redacted-1'],
    ['in base64 in JSON', 'a>>>?b~~~', 'YT4\\u002BPj9ifn5\\u002B', 'redacted-1'],
    ['in base64url in JSON in a query', 'a>>>?b???', 'YT4%2BPj9iPz8%5C%2F', 'redacted-1'],
  ])('is replaced: %s', (_how, secret, text, expected) => {
    const redactor = newRedactor();
    redactor.learn(secret);
    expect(redactor.text(text)).toBe(expected);
  });
});
