import { describe, expect, it } from 'vitest';
import { withAbsence } from '../../../../src/conformance/invariants/reson8/rest/absent.ts';
import { judgePlays } from '../../../../src/conformance/judging/plays.ts';
import type { Play } from '../../../../src/conformance/judge/invariant.ts';
import { REQUIREMENTS } from '../../../../src/protocol/requirements.ts';
import type { TraceFact } from '../../../../src/wire/trace.ts';
import { at, context, events, heard, judge, outcomes, play, request, response } from '../../play.ts';
import { KEY, PATH, SMALL, switched, UNAUTHORIZED } from './cases/building.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const ISSUED = { access_token: 'redacted-2', token_type: 'Bearer', expires_in: 600 };
const BEARER = { authorization: 'Bearer redacted-2' };
const OFFERED = { 'sec-websocket-protocol': 'bearer, redacted-2' };

const asked = (headers: Record<string, string> = KEY): TraceFact =>
  request('/v1/auth/token', headers, 'POST');
const answered = (body: unknown, status = 200): TraceFact => response(status, body, JSON_TYPE);
const token = (body: unknown, status = 200): Part => [0, asked(), answered(body, status)];
const connection = (atMs: number, headers: Record<string, string>, ...answer: readonly TraceFact[]): Part => [
  atMs,
  request(PATH, headers),
  ...answer,
];
const SESSION = [switched(), heard(SMALL)];

type Part = readonly [atMs: number, first: TraceFact, ...rest: readonly TraceFact[]];

/** A play whose conversations begin at these times; the key with which the client asks for a token is known to be valid. */
function inTurn(...parts: readonly Part[]): Play {
  return play(
    events(
      ...parts.map(([atMs, first, ...rest]) => {
        const isCall = first.kind === 'request' && first.method === 'POST';
        return isCall
          ? [at(atMs, context({ credential: 'valid' })), first, ...rest]
          : [at(atMs, first), ...rest];
      }),
    ),
  );
}

describe('R8-TOK-001', () => {
  it.each<[title: string, body: Record<string, unknown>]>([
    ['as on the page of the vendor', ISSUED],
    ['with a type in small letters', { ...ISSUED, token_type: 'bearer' }],
    ['with more fields, for 30 seconds', { ...ISSUED, expires_in: 30, scope: 'all' }],
    ['for a day', { ...ISSUED, expires_in: 86_400 }],
  ])('is met by a token %s', (_title, body) => {
    expect(outcomes('R8-TOK-001', inTurn(token(body)))).toEqual(['held']);
  });

  it.each<[actual: string, body: unknown]>([
    ['no access_token', { token_type: 'Bearer', expires_in: 600 }],
    ['token_type: "mac"', { ...ISSUED, token_type: 'mac' }],
    ['expires_in: nothing', { access_token: 'redacted-2', token_type: 'Bearer' }],
    ['expires_in: 0', { ...ISSUED, expires_in: 0 }],
    ['expires_in: "600"', { ...ISSUED, expires_in: '600' }],
  ])('is broken by a body with %s', (actual, body) => {
    expect(judge('R8-TOK-001', inTurn(token(body)))).toMatchObject([{ outcome: 'broken', actual }]);
  });

  it('is broken by a refusal only if the socket accepts the key', () => {
    const refusal = token({ code: 'UNAUTHORIZED' }, 401);
    expect(outcomes('R8-TOK-001', inTurn(refusal))).toEqual(['unclear']);
    expect(outcomes('R8-TOK-001', inTurn(refusal, connection(100, KEY, ...SESSION)))).toEqual(['broken']);
  });

  it.each([402, 429, 500, 503, 302])('is not decided by a %d', (status) => {
    const busy = inTurn(token({ code: 'X' }, status), connection(100, KEY, ...SESSION));
    expect(outcomes('R8-TOK-001', busy)).toEqual(['unclear']);
  });
});

describe('R8-TOK-002', () => {
  it.each([
    ['Bearer', BEARER],
    ['subprotocol', OFFERED],
  ])('is met by a token that is accepted again and again as %s', (_form, headers) => {
    const seen = inTurn(
      token(ISSUED),
      connection(100, headers, ...SESSION),
      connection(900, headers, ...SESSION),
    );
    expect(outcomes('R8-TOK-002', seen)).toEqual(['held', 'held']);
  });

  it('is broken by a token that is refused the second time', () => {
    const seen = inTurn(
      token(ISSUED),
      connection(100, BEARER, ...SESSION),
      connection(900, BEARER, UNAUTHORIZED),
    );
    expect(outcomes('R8-TOK-002', seen)).toEqual(['held', 'broken']);
  });

  it('is broken by a token that is accepted after it has certainly expired, and met by its refusal', () => {
    const soon = token({ ...ISSUED, expires_in: 1 });
    const accepted = inTurn(soon, connection(6500, BEARER, ...SESSION));

    expect(judge('R8-TOK-002', accepted)).toMatchObject([
      { outcome: 'broken', expected: 'HTTP 401 to a token that has expired' },
    ]);
    expect(outcomes('R8-TOK-002', inTurn(soon, connection(6500, BEARER, UNAUTHORIZED)))).toEqual(['held']);
  });

  it('is not exercised in the seconds by which the clocks of a service may differ', () => {
    const soon = token({ ...ISSUED, expires_in: 1 });
    expect(judge('R8-TOK-002', inTurn(soon, connection(3000, BEARER, UNAUTHORIZED)))).toEqual([]);
  });

  it('is not exercised by tokens that the server did not issue', () => {
    const other = connection(100, { authorization: 'Bearer redacted-1' }, UNAUTHORIZED);
    expect(judge('R8-TOK-002', inTurn(token(ISSUED), other))).toEqual([]);
  });
});

describe('R8-TOK-003', () => {
  const bad = (status: number, body: unknown): Play =>
    play(events([context({ credential: 'invalid' }), asked(), answered(body, status)]));

  it.each([
    ['held', 401, 'an error', { code: 'UNAUTHORIZED', message: 'no' }],
    ['held', 401, 'problem details', { type: 'about:blank', title: 'unauthorized', status: 401 }],
    ['broken', 403, 'an error', { code: 'FORBIDDEN' }],
    ['broken', 400, 'an error', { code: 'INVALID_REQUEST' }],
    ['broken', 200, 'a token', ISSUED],
    ['broken', 401, 'a token', ISSUED],
    ['unclear', 500, 'an error', { code: 'INTERNAL_ERROR' }],
    ['unclear', 429, 'an error', { code: 'RATE_LIMITED' }],
  ])('is %s by %d with %s', (outcome, status, _what, body) => {
    expect(outcomes('R8-TOK-003', bad(status, body))).toEqual([outcome]);
  });

  it('is not decided where the socket accepts the key that should be a bad one', () => {
    const facts = [context({ credential: 'invalid' }), request(PATH, KEY), ...SESSION];
    const seen = play(events([context({ credential: 'invalid' }), asked(), answered(ISSUED)], facts));
    expect(outcomes('R8-TOK-003', seen)).toEqual(['unclear']);
  });
});

describe('R8-AUTH-003', () => {
  const withKey = (...answer: readonly TraceFact[]): readonly TraceFact[] => [
    context({ credential: 'valid' }),
    request(PATH, { authorization: 'Bearer redacted-1' }),
    ...answer,
  ];

  it('does not require a server that issues access tokens to accept an API key in place of one', () => {
    const call = [context({ credential: 'valid' }), asked(), answered(ISSUED)];
    expect(judge('R8-AUTH-003', play(events(call, withKey(UNAUTHORIZED))))).toEqual([]);
    expect(outcomes('R8-AUTH-003', play(events(withKey(UNAUTHORIZED))))).toEqual(['broken']);
  });

  it.each([
    ['held', SESSION],
    ['broken', [UNAUTHORIZED]],
  ])('is %s with a token that the server has issued', (outcome, answer) => {
    const call = [context({ credential: 'valid' }), asked(), answered(ISSUED)];
    const use = [context({ credential: 'valid' }), request(PATH, BEARER), ...answer];
    expect(outcomes('R8-AUTH-003', play(events(call, use)))).toEqual([outcome]);
  });
});

describe('a server that issues no access tokens', () => {
  const ids = ['R8-TOK-001', 'R8-TOK-002', 'R8-TOK-003'];
  const resultsOf = (answer: TraceFact) => {
    const seen = play(events([context({ credential: 'valid' }), asked(), answer]));
    const chosen = REQUIREMENTS.filter(({ id }) => ids.includes(id));
    const terms = { strict: false, deviations: new Set<string>(), side: 'server' as const };
    return judgePlays([seen], chosen, terms).map((each) => withAbsence(each, [seen]));
  };

  it.each([
    ['HTTP 404', answered({ code: 'NOT_FOUND' }, 404)],
    ['HTTP 405', answered({}, 405)],
    ['HTTP 410', answered({}, 410)],
    ['HTTP 200 with a page in HTML', response(200, '<html></html>', { 'content-type': 'text/html' })],
  ])('is not judged by requirements about them: %s', (told, answer) => {
    const reason = `the server has nothing at POST /v1/auth/token (${told})`;
    expect(resultsOf(answer)).toMatchObject(ids.map((id) => ({ id, verdict: 'not-applicable', reason })));
  });

  it('is one that answers so: after an error of the service, everything is undecided', () => {
    expect(resultsOf(answered({}, 500)).map(({ verdict }) => verdict)).toEqual([
      'inconclusive',
      'not-exercised',
      'not-exercised',
    ]);
  });
});
