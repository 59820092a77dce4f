import { describe, expect, it } from 'vitest';
import { judgePlays } from '../../../../src/conformance/judging/plays.ts';
import type { Play } from '../../../../src/conformance/judge/invariant.ts';
import { REQUIREMENTS } from '../../../../src/protocol/requirements.ts';
import type { TraceContext } from '../../../../src/wire/trace.ts';
import { context, events, judge, outcomes, play, request, response } from '../../play.ts';
import { KEY, PATH } from './cases/building.ts';

const NEWER: TraceContext = { edition: '2026-08' };

/** Where refusals give their reason, in the edition that newer clients need. */
const upgrade = (status: number, headers: Record<string, string>, body?: unknown, path = PATH): Play =>
  play(events([context(NEWER), request(path, KEY), response(status, body, headers)]));
const call = (status: number, type: string, body?: unknown): Play =>
  play(
    events([
      context(NEWER),
      request('/v1/auth/token', KEY, 'POST'),
      response(status, body, { 'content-type': type }),
    ]),
  );

const REASON = { 'x-error-message': 'No credits left', 'content-length': '0' };
const PROBLEM = 'application/problem+json';
const problem = (status: number, code: unknown = 'payment_required') => ({
  type: 'about:blank',
  title: 'No',
  status,
  code,
});

describe('R8-ERR-003', () => {
  it.each([400, 401, 402, 413, 429])(
    'is met by a %d with a reason in its header, on both sockets',
    (status) => {
      expect(outcomes('R8-ERR-003', upgrade(status, REASON))).toEqual(['held']);
      const turns = upgrade(status, REASON, undefined, '/v1/speech-to-text/turns');
      expect(outcomes('R8-ERR-003', turns)).toEqual(['held']);
    },
  );

  it.each([400, 401, 402, 413])('is broken by a %d without a reason, or with an empty one', (status) => {
    expect(outcomes('R8-ERR-003', upgrade(status, {}, { code: 'NO', message: 'No' }))).toEqual(['broken']);
    expect(outcomes('R8-ERR-003', upgrade(status, { 'X-Error-Message': ' ' }))).toEqual(['broken']);
  });

  it('is not decided by a 429 without a reason, which may be that of a gateway', () => {
    expect(outcomes('R8-ERR-003', upgrade(429, {}))).toEqual(['unclear']);
  });

  it('is half met by a reason in both places', () => {
    expect(outcomes('R8-ERR-003', upgrade(400, REASON, { message: 'No' }))).toEqual(['doubtful']);
  });

  it.each([101, 404, 426, 500, 503])('is not about a %d', (status) => {
    expect(judge('R8-ERR-003', upgrade(status, {}))).toEqual([]);
  });
});

describe('R8-ERR-004', () => {
  it.each([400, 401, 402, 413, 429])('is met by problem details for a %d', (status) => {
    expect(outcomes('R8-ERR-004', call(status, `${PROBLEM}; charset=utf-8`, problem(status)))).toEqual([
      'held',
    ]);
  });

  it.each<[actual: string, type: string, body: unknown]>([
    ['content-type: "application/json"', 'application/json', problem(402)],
    ['status: 400', PROBLEM, problem(400)],
    ['code: "PAYMENT_REQUIRED"', PROBLEM, problem(402, 'PAYMENT_REQUIRED')],
    ['code: ""', PROBLEM, problem(402, '')],
    ['code: 402', PROBLEM, problem(402, 402)],
  ])('is broken by %s', (actual, type, body) => {
    expect(judge('R8-ERR-004', call(402, type, body))).toMatchObject([{ outcome: 'broken', actual }]);
  });

  it('is not decided by the 429 of a gateway', () => {
    expect(outcomes('R8-ERR-004', call(429, 'text/html', '<p>Wait</p>'))).toEqual(['unclear']);
  });

  it.each([200, 404, 405, 500])('is not about a %d', (status) => {
    expect(judge('R8-ERR-004', call(status, 'application/json', {}))).toEqual([]);
  });
});

it('neither requirement holds in the edition documents', () => {
  const facts = [request(PATH, KEY), response(401, { code: 'UNAUTHORIZED', message: 'No' }, {})];
  const rows = REQUIREMENTS.filter(({ id }) => id === 'R8-ERR-003' || id === 'R8-ERR-004');
  const terms = { strict: false, deviations: new Set<string>(), side: 'server' as const };
  const verdicts = judgePlays([play(events(facts))], rows, terms).map(({ verdict }) => verdict);
  expect(verdicts).not.toContain('warn');
});
