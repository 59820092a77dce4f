import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HintIndex } from '../../../src/wire/redact/hint-index.ts';
import { spellingsOf, type Spelling } from '../../../src/wire/redact/pattern.ts';
import { newRedactor } from '../../../src/wire/redact/redact.ts';

function indexed(secrets: readonly string[]) {
  const index = new HintIndex<string>();
  const all = secrets.flatMap((owner) => spellingsOf(owner).map((spelling) => ({ owner, spelling })));
  for (const { owner, spelling } of all) index.add(owner, spelling);
  return { all, find: (text: string) => index.in(text) };
}

function occursIn({ spelling }: { readonly spelling: Spelling }, text: string): boolean {
  return text.search(spelling.pattern()) >= 0;
}

const SECRET = fc.oneof(
  fc.string({ minLength: 4, maxLength: 24 }),
  fc.string({
    unit: fc.constantFrom('a', 'b', '1', '%', '\\', '+', ' ', '-', 'é'),
    minLength: 4,
    maxLength: 12,
  }),
  fc.nat(99_999).map((number) => `secret-${number}-of-a-client`),
);

/** The ways in which a secret may be written in a text. */
const WRITTEN = fc.constantFrom<(secret: string) => string>(
  (secret) => secret,
  (secret) => Buffer.from(secret).toString('hex').replace(/../g, '%$&'),
  (secret) => Buffer.from(secret).toString('hex').replace(/../g, '%25$&'),
  (secret) => JSON.stringify({ text: JSON.stringify(secret) }),
  (secret) => secret.replace(/[^]/g, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`),
  (secret) => Buffer.from(`ab${secret}c`).toString('base64'),
  (secret) => Buffer.from(`a${secret}`).toString('base64url'),
  (secret) => `%5C${secret}%`,
);

const CASE = fc
  .tuple(
    fc.uniqueArray(SECRET, { maxLength: 20 }),
    fc.array(fc.tuple(fc.nat(19), WRITTEN, fc.string({ maxLength: 6 })), { maxLength: 5 }),
  )
  .map(([secrets, parts]) => {
    const text = parts.map(([at, written, between]) => between + written(secrets[at] ?? 'none')).join('');
    return { secrets, text };
  });

describe('the index of what to search for', () => {
  it('finds the same, in the same order, as a search for each spelling', () => {
    fc.assert(
      fc.property(CASE, ({ secrets, text }) => {
        const { all, find } = indexed(secrets);
        const found = find(text).filter((each) => occursIn(each, text));
        const expected = all.filter((each) => occursIn(each, text));
        expect(found.map(({ spelling }) => spelling)).toEqual(expected.map(({ spelling }) => spelling));
      }),
      { numRuns: 100 },
    );
  });

  it('finds a secret that begins within an escape', () => {
    const { find } = indexed(['a1a+', '11a+', '1bcdef+', 'xyz0+']);
    const ownersIn = (text: string) => find(text).map(({ owner }) => owner);

    expect(ownersIn('%61%31%61%2b')).toEqual(expect.arrayContaining(['a1a+', '11a+']));
    expect(ownersIn('%61bcd%65f+')).toContain('1bcdef+');
  });

  // Each text was searched for each of a thousand secrets: a trace of 50,000 requests with different tokens took minutes.
  it.each([
    ['secrets that differ in a number', (number: number) => `secret-${number}-of-a-client`],
    ['numbered tokens', (number: number) => `token${100_000 + number}`],
    ['long secrets that begin alike', (number: number) => `${'x'.repeat(200)}${1_000_000 + number}`],
  ])('searches a text for few of many %s', (_what, secretOf) => {
    const { all, find } = indexed(Array.from({ length: 1000 }, (_, number) => secretOf(number)));
    expect(all.length).toBeGreaterThan(3000);

    const found = find(`{"token":"${secretOf(517)}"}`);
    expect(found.map(({ owner }) => owner)).toContain(secretOf(517));
    expect(found.length).toBeLessThan(20);
    expect(find('{"type":"transcript","text":"a text without any of them"}')).toEqual([]);
  });
});

it('hundreds of secrets are replaced in each of their texts', () => {
  const redactor = newRedactor();
  const secrets = Array.from({ length: 300 }, (_, number) => `secret-${number}-of-a-client`);
  for (const secret of secrets) redactor.learn(secret);

  expect(redactor.text(secrets.join(' '))).toBe(secrets.map((_, at) => `redacted-${at + 1}`).join(' '));
});
