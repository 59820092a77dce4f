import { describe, expect, it } from 'vitest';
import { issuedTokenIn, msUntilExpired } from '../../../src/conformance/player/issued.ts';
import { newRedactor } from '../../../src/wire/redact/redact.ts';

const TOKEN = 'eyJhbGciOiJub25l.c2VjcmV0LXRva2Vu';
const answer = (fields: Record<string, unknown>, status = 200) => ({ status, body: JSON.stringify(fields) });

describe('an access token in an answer', () => {
  it('is read with its lifetime', () => {
    const issued = issuedTokenIn(answer({ access_token: TOKEN, expires_in: 600 }), 1000);
    expect(issued).toEqual({ token: TOKEN, atMs: 1000, validMs: 600_000 });
  });

  it.each([
    ['an error', answer({ access_token: TOKEN }, 401)],
    ['a token that is invalid in a header', answer({ access_token: 'a\nb' })],
    ['no token', answer({ token_type: 'Bearer' })],
    ['a body that is not JSON', { status: 200, body: '<html>' }],
  ])('is not taken from %s', (_title, given) => {
    expect(issuedTokenIn(given, 0)).toBeUndefined();
  });

  it('is waited for only if it expires within 30 seconds', () => {
    const valid = (validMs: number | undefined) => msUntilExpired({ token: TOKEN, atMs: 0, validMs }, 1000);
    expect([valid(30_000), valid(1000), valid(30_001), valid(undefined)]).toEqual([
      34_000,
      5000,
      undefined,
      undefined,
    ]);
  });

  it('has the same stand-in in the answer, as Bearer and as subprotocol, and appears nowhere else', () => {
    const { fact, text } = newRedactor();
    const body = JSON.stringify({ access_token: TOKEN, token_type: 'Bearer', expires_in: 600 });
    const facts = [
      fact({ kind: 'response', status: 200, headers: {}, body }),
      fact({ kind: 'request', method: 'GET', target: '/', headers: { authorization: `Bearer ${TOKEN}` } }),
      fact({
        kind: 'request',
        method: 'GET',
        target: '/',
        headers: { 'sec-websocket-protocol': `bearer, ${TOKEN}` },
      }),
    ];

    expect(JSON.stringify(facts)).not.toContain(TOKEN);
    expect(text(`refused ${TOKEN}`)).toBe('refused redacted-1');
    expect(JSON.stringify(facts).match(/redacted-\d+/g)).toEqual(['redacted-1', 'redacted-1', 'redacted-1']);
  });
});
