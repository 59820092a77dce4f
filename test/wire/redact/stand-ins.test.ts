import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newRedactor, redactAll } from '../../../src/wire/redact/redact.ts';
import { StandIns } from '../../../src/wire/redact/stand-ins.ts';
import type { TraceFact } from '../../../src/wire/trace.ts';

/** What a redactor turns a value into, in one of the places that a service compares. */
const PLACES: Readonly<Record<string, (value: string) => readonly [TraceFact, RegExp]>> = {
  query: (value) => [request(`/x?token=${encodeURIComponent(value)}`), /token=(.*)$/],
  'query, small hex': (value) => [request(`/x?token=${smallHex(value)}`), /token=(.*)$/],
  'query, everything encoded': (value) => [request(`/x?token=${allHex(value)}`), /token=(.*)$/],
  path: (value) => [request(`/v2/client/${encodeURIComponent(value)}`), /client\/(.*)$/],
  header: (value) => [request('/', { 'x-api-key': value }), /^(.*)$/],
  bearer: (value) => [request('/', { authorization: `Bearer ${value}` }), /^Bearer (.*)$/],
  message: (value) => [text(JSON.stringify({ token: value })), /"token":"(.*)"/],
  form: (value) => [request('/', {}, new URLSearchParams({ token: value }).toString()), /token=(.*)$/],
};

function request(target: string, headers: Record<string, string> = {}, body?: string): TraceFact {
  return { kind: 'request', method: 'POST', target, headers, ...(body !== undefined && { body }) };
}

function text(text: string): TraceFact {
  return { kind: 'text', from: 'client', text };
}

function smallHex(value: string): string {
  return encodeURIComponent(value).replace(/%../g, (escape) => escape.toLowerCase());
}

function allHex(value: string): string {
  return [...Buffer.from(value)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}

function standInOf(redact: (fact: TraceFact) => TraceFact, place: string, value: string): string {
  const [fact, pattern] = PLACES[place]?.(value) ?? [text(value), /(.*)/];
  const outcome = redact(fact);
  const held =
    outcome.kind === 'request'
      ? [outcome.body, ...Object.values(outcome.headers), outcome.target]
      : [outcome.kind === 'text' ? outcome.text : ''];
  return held.flatMap((each) => (each === undefined ? [] : (pattern.exec(each)?.[1] ?? []))).at(0) ?? '';
}

// A client that forgot to encode the plus of its token sent `a b` instead of `a+b`. Both had the same stand-in, and the
// judge of the credential saw nothing wrong.
describe('a stand-in', () => {
  const VALUE = fc
    .array(fc.constantFrom('+', ' ', '/', '%', '2F', '2B', '20', '-', 'a', 'é'), {
      minLength: 1,
      maxLength: 5,
    })
    .map((parts) => `k9${parts.join('')}z7`);
  const PLACE = fc.constantFrom(...Object.keys(PLACES));

  it('is the same for two values in any places if and only if they are equal', () => {
    fc.assert(
      fc.property(VALUE, VALUE, PLACE, PLACE, (one, other, here, there) => {
        const redactor = newRedactor();
        redactor.learn(one);
        const [first, second] = [standInOf(redactor.fact, here, one), standInOf(redactor.fact, there, other)];
        expect(first).toMatch(/^redacted-\d+$/);
        expect(second).toMatch(/^redacted-\d+$/);
        expect(first === second, `${one} in ${here}: ${first}, ${other} in ${there}: ${second}`).toBe(
          one === other,
        );
      }),
      { numRuns: 400 },
    );
  });

  it('is the same however the base64 of Basic credentials is written', () => {
    const redactor = newRedactor();
    const basic = (base64: string) => redactor.fact(request('/', { authorization: `Basic ${base64}` }));
    const pair = Buffer.from('me:s3cret?1>');

    expect(basic(pair.toString('base64'))).toEqual(basic(pair.toString('base64url')));
    expect(basic(Buffer.from('me:s3cret 1').toString('base64'))).not.toEqual(
      basic(Buffer.from('me:s3cret+1').toString('base64')),
    );
  });

  it('is different for different values in ordinary text, too', () => {
    const redactor = newRedactor();
    redactor.learn('a+b c');

    expect(redactor.text('a+b c, a b c, a+b+c, a%2Bb%20c, a%2Bb+c')).toBe(
      'redacted-1, redacted-2, redacted-3, redacted-1, redacted-1',
    );
  });

  it('is that of a secret that appears unencoded, even if a part of it looks like an escape', () => {
    const redactor = newRedactor();
    redactor.learn('of%2Fclient&key+1');

    expect(redactor.text('of%2Fclient&key+1')).toBe('redacted-1');
    expect(standInOf(redactor.fact, 'query', 'of%2Fclient&key+1')).toBe('redacted-1');
  });

  it('never stands for two values, however many there are', () => {
    const redactor = newRedactor();
    const seen = new Set<string>();
    for (let index = 0; index < 1200; index++) seen.add(standInOf(redactor.fact, 'query', `value-${index}`));

    expect(seen.size).toBe(1200);
  });

  it('is shared by redactors that share their numbers', () => {
    const standIns = new StandIns();
    const [one, other] = [newRedactor({ standIns }), newRedactor({ standIns })];

    expect(standInOf(one.fact, 'query', 'first-1')).toBe('redacted-1');
    expect(standInOf(other.fact, 'query', 'second-2')).toBe('redacted-2');
    expect(standInOf(other.fact, 'path', 'first-1')).toBe('redacted-1');
  });

  it('of an earlier redaction is kept, wherever it appears in the facts', () => {
    const { facts } = redactAll([request('/x?token=new-1'), request('/x?token=redacted-1')]);
    expect(facts).toEqual([request('/x?token=redacted-2'), request('/x?token=redacted-1')]);
  });
});
