import { describe, expect, it } from 'vitest';
import type { Play } from '../../../../src/conformance/judge/invariant.ts';
import type { TraceFact } from '../../../../src/wire/trace.ts';
import { judge, outcomes, request, response } from '../../play.ts';
import {
  API,
  answered,
  as,
  asked,
  initialize,
  KEY,
  one,
  READY,
  SCALED_DOWN,
  STARTING,
  status,
} from '../../rest-play.ts';

describe('SX-REST-001 and SX-REST-002, both sides: the paths of the calls', () => {
  const told = (id: string, given: Play) =>
    judge(id, given).map(({ by, outcome }) => `${by ?? ''} ${outcome}`);

  it.each([
    ['SX-REST-001', 'initialize', 'POST', 'GET'],
    ['SX-REST-002', 'status', 'GET', 'POST'],
  ] as const)('%s: %s is called with %s, not with %s', (id, call, method, wrong) => {
    const path = `${API}/${call}`;

    expect(told(id, one(request(path, KEY, method), answered(200, READY)))).toEqual([
      'client held',
      'server held',
    ]);
    expect(told(id, one(request(path, KEY, method), answered(503, {})))).toEqual([
      'client held',
      'server held',
    ]);
    expect(told(id, one(request(path, KEY, wrong), answered(405, {})))).toEqual(['client broken']);
    expect(told(id, one(request(path, KEY, method), answered(404, {})))).toEqual([
      'client held',
      'server broken',
    ]);
    expect(told(id, one(request(path, KEY, method), answered(405, {})))).toEqual([
      'client held',
      'server broken',
    ]);
    expect(told(id, one(request(path, KEY, method)))).toEqual(['client held']);
    expect(told(id, one(request(`/api/v3/realtime/${call}/`, KEY, method), answered(404)))).toEqual([
      'client broken',
    ]);
  });

  it('a preflight request of a browser, the other call, and calls of something else are not this call', () => {
    expect(told('SX-REST-001', one(request(`${API}/initialize`, {}, 'OPTIONS'), response(204)))).toEqual([]);
    expect(told('SX-REST-001', one(...status(READY)))).toEqual([]);
    expect(told('SX-REST-002', one(request('/api/status'), response(404)))).toEqual([]);
    expect(told('SX-REST-002', one(request('/realtime/status', { Upgrade: 'websocket' })))).toEqual([]);
  });

  it('an answer of the recorder in place of the service is not one of the service', () => {
    const via = response(502, { detail: 'no' }, { via: '1.1 understudy-record' });
    expect(told('SX-REST-002', one(asked('status'), via))).toEqual(['client held']);
    expect(outcomes('SX-REST-010', one(as('invalid'), asked('status'), via))).toEqual([]);
  });
});

describe('SX-REST-003: the key header', () => {
  it.each<[outcome: string, what: string, headers: Record<string, string>]>([
    ['held', 'the documented header', { 'X-Zoom-S2T-Key': 'redacted-1' }],
    [
      'held',
      'the documented header in lower case beside a bearer token',
      { 'x-zoom-s2t-key': 'redacted-1', authorization: 'Bearer redacted-1' },
    ],
    ['broken', 'a bearer token alone', { authorization: 'Bearer redacted-1' }],
    [
      'broken',
      'an empty header beside a bearer token',
      { 'x-zoom-s2t-key': '', authorization: 'Bearer redacted-1' },
    ],
    ['broken', 'a basic credential', { authorization: 'Basic redacted-1' }],
    ['broken', 'the header of another service', { 'x-api-key': 'redacted-1' }],
    ['broken', 'no credential', {}],
    ['broken', 'an empty header', { 'x-zoom-s2t-key': '' }],
  ])('is %s by %s, in both calls', (outcome, _what, headers) => {
    expect(outcomes('SX-REST-003', one(asked('status', headers)))).toEqual([outcome]);
    expect(outcomes('SX-REST-003', one(asked('initialize', headers)))).toEqual([outcome]);
  });

  // A key in Authorization: Bearer, which no document mentions, was only a warning.
  it.each<[header: string, value: string, deviation: string]>([
    ['authorization', 'bearer redacted-1', 'scriptix-rest-bearer'],
    ['authorization', 'Basic redacted-1', 'no deviation'],
    ['api-key', 'Bearer redacted-1', 'no deviation'],
  ])('%s: %s is excused by %s', (header, value, deviation) => {
    const [occasion] = judge('SX-REST-003', one(asked('status', { [header]: value })));
    expect(occasion).toMatchObject({ outcome: 'broken', actual: `one in ${header}` });
    expect(occasion?.deviation ?? 'no deviation').toBe(deviation);
  });
});

describe('the body of a 200', () => {
  it.each<[id: string, what: string, body: unknown, broken: string]>([
    ['SX-REST-004', 'a status that is a number', { ...READY, status: 7 }, 'status: 7'],
    ['SX-REST-004', 'a message that is null', { ...READY, message: null }, 'message: null'],
    ['SX-REST-004', 'a ready that is a text', { ...READY, ready: 'true' }, 'ready: "true"'],
    ['SX-REST-004', 'no endpoint', { ...READY, endpoint: undefined }, 'endpoint: nothing'],
    [
      'SX-REST-004',
      'neither ready nor endpoint',
      { status: 'ready', message: '' },
      'ready: nothing, endpoint: nothing',
    ],
    ['SX-REST-004', 'JSON that is cut off', '{"status":"rea', 'text that is not JSON'],
    ['SX-REST-004', 'a list', [READY], 'a JSON array'],
    ['SX-REST-004', 'an empty body', '', 'no body'],
    [
      'SX-REST-009',
      'an endpoint without scheme and host',
      { ...READY, endpoint: '/v2/realtime' },
      'endpoint: "/v2/realtime"',
    ],
    [
      'SX-REST-009',
      'an endpoint over HTTP',
      { ...READY, endpoint: 'https://host/v2/realtime' },
      'endpoint: "https://host/v2/realtime"',
    ],
    ['SX-REST-009', 'an endpoint without slashes', { ...READY, endpoint: 'ws:host' }, 'endpoint: "ws:host"'],
  ])('%s is held by the documented body and broken by %s, for both calls', (id, _what, body, actual) => {
    for (const call of [status, initialize]) {
      expect(outcomes(id, one(...call(READY)))).toEqual(['held']);
      expect(judge(id, one(...call(body)))).toMatchObject([{ outcome: 'broken', events: [0, 1], actual }]);
    }
  });

  it('SX-REST-004 is unclear where the trace does not have the body, and not exercised by other answers', () => {
    expect(
      outcomes('SX-REST-004', one(asked('status'), response(200, undefined, { 'Content-Length': '90' }))),
    ).toEqual(['unclear']);
    expect(
      outcomes('SX-REST-004', one(asked('status'), response(200, undefined, { 'Content-Length': '0' }))),
    ).toEqual(['broken']);
    expect(outcomes('SX-REST-004', one(...status({ detail: 'x' }, 401)))).toEqual([]);
  });

  it.each<[id: string, call: typeof status, good: unknown, bad: unknown]>([
    ['SX-REST-005', initialize, READY, { ...READY, status: 'starting' }],
    ['SX-REST-007', status, STARTING, { ...READY, status: 'stopped' }],
    ['SX-REST-008', status, SCALED_DOWN, { ...SCALED_DOWN, ready: true }],
    ['SX-REST-008', status, READY, { ...READY, ready: false }],
  ])('%s is judged by the field in answers of its own call', (id, call, good, bad) => {
    expect(outcomes(id, one(...call(good)))).toEqual(['held']);
    expect(outcomes(id, one(...call(bad)))).toEqual(['broken']);
    // The reason is its own, not that of SX-REST-004.
    expect(outcomes(id, one(...call({ ...READY, status: 7, ready: 7 })))).toEqual([]);
    expect(outcomes(id, one(...call('no JSON')))).toEqual([]);

    const other = call === status ? initialize : status;
    expect(outcomes(id, one(...other(bad)))).toEqual([]);
  });

  it('SX-REST-006: an initialize that answers before the service is ready is a reading, not a failure', () => {
    expect(outcomes('SX-REST-006', one(...initialize(READY)))).toEqual(['held']);
    expect(judge('SX-REST-006', one(...initialize({ ...READY, ready: false })))).toMatchObject([
      { outcome: 'doubtful', reading: 'A12: initialize answers at once, ready or not' },
    ]);
    expect(outcomes('SX-REST-006', one(...status(STARTING)))).toEqual([]);
  });

  it.each([
    ['held', 'application/json'],
    ['held', 'Application/JSON;charset=utf-8'],
    ['broken', 'text/html'],
    ['broken', 'application/jsonp'],
    ['broken', ''],
  ])('SX-REST-022 is %s by the content-type "%s"', (outcome, type) => {
    const headers: Record<string, string> = type === '' ? {} : { 'content-type': type };
    expect(outcomes('SX-REST-022', one(asked('status'), response(200, READY, headers)))).toEqual([outcome]);
    expect(outcomes('SX-REST-022', one(asked('status'), response(401, {}, headers)))).toEqual([]);
  });
});

describe('refusals', () => {
  const unauthorized = { detail: 'Not authenticated' };
  const forbidden = { detail: 'Not enough permissions' };

  it.each<[outcome: string, code: number, what: string, body: unknown]>([
    ['held', 401, 'the documented body', unauthorized],
    ['held', 401, 'a detail in other words', { detail: 'other words' }],
    ['broken', 401, 'an error in place of the detail', { error: 'Not authenticated' }],
    ['broken', 401, 'plain text', 'Unauthorized'],
    ['broken', 403, 'the documented body', unauthorized],
    ['broken', 200, 'the body of a service that is ready', READY],
    ['broken', 503, 'a failure to start', { detail: 'Realtime service failed to start' }],
    ['unclear', 429, 'a limit of requests', { detail: 'Too Many Requests' }],
  ])('SX-REST-010 is %s by %d with %s', (outcome, code, _what, body) => {
    for (const call of ['initialize', 'status'] as const) {
      expect(outcomes('SX-REST-010', one(as('invalid'), asked(call), answered(code, body)))).toEqual([
        outcome,
      ]);
      expect(outcomes('SX-REST-010', one(as('missing'), asked(call, {}), answered(code, body)))).toEqual([
        outcome,
      ]);
      // A missing key can be seen in any trace.
      expect(outcomes('SX-REST-010', one(asked(call, {}), answered(code, body)))).toEqual([outcome]);
      // It is unknown whether this key is good.
      expect(outcomes('SX-REST-010', one(asked(call), answered(code, body)))).toEqual([]);
      expect(outcomes('SX-REST-010', one(as('admin'), asked(call), answered(code, body)))).toEqual([]);
    }
  });

  it.each<[outcome: string, code: number, what: string, body: unknown]>([
    ['held', 403, 'the documented body', forbidden],
    ['broken', 403, 'an empty object', {}],
    ['broken', 401, 'the body of another refusal', unauthorized],
    ['broken', 200, 'the body of a service that is ready', READY],
    ['unclear', 502, 'HTML', '<h1>'],
  ])('SX-REST-012 is %s by %d with %s', (outcome, code, _what, body) => {
    expect(outcomes('SX-REST-012', one(as('user'), asked('initialize'), answered(code, body)))).toEqual([
      outcome,
    ]);
    expect(outcomes('SX-REST-012', one(as('admin'), asked('initialize'), answered(code, body)))).toEqual([]);
    expect(outcomes('SX-REST-012', one(as('user'), asked('status'), answered(code, body)))).toEqual([]);
  });

  it.each<[outcome: string, code: number]>([
    ['held', 200],
    ['broken', 401],
    ['broken', 403],
    ['unclear', 500],
  ])('SX-REST-014 is %s by %d', (outcome, code) => {
    expect(outcomes('SX-REST-014', one(as('user'), asked('status'), answered(code, READY)))).toEqual([
      outcome,
    ]);
    expect(outcomes('SX-REST-014', one(as('valid'), asked('status'), answered(code, READY)))).toEqual([]);
    expect(outcomes('SX-REST-014', one(as('user'), asked('initialize'), answered(code, READY)))).toEqual([]);
  });

  it.each<[id: string, code: number, detail: string]>([
    ['SX-REST-011', 401, 'Not authenticated'],
    ['SX-REST-013', 403, 'Not enough permissions'],
    ['SX-REST-015', 500, 'Failed to initialize realtime service: no such deployment'],
    ['SX-REST-017', 503, 'Realtime service failed to start'],
  ])('%s: the detail of a %d is "%s"', (id, code, detail) => {
    expect(outcomes(id, one(...initialize({ detail }, code)))).toEqual(['held']);
    expect(judge(id, one(...initialize({ detail: 'something else' }, code)))).toMatchObject([
      { outcome: 'broken', actual: 'detail: "something else"' },
    ]);
    expect(outcomes(id, one(...initialize({ detail: [detail] }, code)))).toEqual(['broken']);
    expect(outcomes(id, one(...initialize({ detail: 'something else' }, 400)))).toEqual([]);

    // The text of a 500 is about initialising (A22), and a 503 of status is a mistake in itself.
    const ofStatus = outcomes(id, one(...status({ detail: 'something else' }, code)));
    expect(ofStatus).toEqual(code < 500 ? ['broken'] : []);
  });

  it('SX-REST-016 is held by a 503 of initialize and broken by one of status', () => {
    expect(outcomes('SX-REST-016', one(...initialize({ detail: 'x' }, 503)))).toEqual(['held']);
    expect(outcomes('SX-REST-016', one(...status({ detail: 'x' }, 503)))).toEqual(['broken']);
    expect(outcomes('SX-REST-016', one(...status(READY)))).toEqual([]);
  });
});

describe('a body that could not be read', () => {
  const answer = (...more: readonly TraceFact[]) =>
    one(asked('status'), response(200, undefined, { 'content-type': 'application/json' }), ...more);

  it('decides nothing where its coding is unknown to the runner, with the reason', () => {
    const why = 'content-encoding: compress is not known here';
    const given = answer({ kind: 'note', message: `the body was not read: ${why}` });

    expect(judge('SX-REST-004', given)).toMatchObject([
      { outcome: 'unclear', actual: `a body that was not read (${why})` },
    ]);
    expect(outcomes('SX-REST-007', given)).toEqual([]);
  });

  it('is not JSON where it does not match its header', () => {
    const message = 'content-encoding: the body is not gzip (incorrect header check)';
    const given = answer({ kind: 'fault', from: 'server', message });

    expect(judge('SX-REST-004', given)).toMatchObject([{ outcome: 'broken', actual: message }]);
    expect(outcomes('SX-REST-007', given)).toEqual([]);
  });
});
