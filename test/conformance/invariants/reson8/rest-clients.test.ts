import { describe, expect, it } from 'vitest';
import type { Play } from '../../../../src/conformance/judge/invariant.ts';
import type { TraceFact } from '../../../../src/wire/trace.ts';
import { at, events, judge, outcomes, play, request, response } from '../../play.ts';
import { switched } from './cases/building.ts';

const PATH = '/v1/speech-to-text/realtime';
const RECORDING = '/v1/speech-to-text/prerecorded';
const KEY = { authorization: 'ApiKey redacted-1' };
const JSON_TYPE = { 'content-type': 'application/json' };
const AUDIO = { 'content-type': 'application/octet-stream', 'content-length': '32000' };

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const audio: TraceFact = { kind: 'binary', from: 'client', byteCount: 3200, sha256: '0'.repeat(64) };
const confirmed: TraceFact = {
  kind: 'text',
  from: 'server',
  text: '{"type":"flush_confirmation","id":null}',
};
const closed = (from: 'client' | 'server'): TraceFact => ({ kind: 'close', from, code: 1000, reason: '' });
const complained: TraceFact = { kind: 'report', report: { event: 'error', kind: 'auth' } };
const UNAUTHORIZED = response(401, { code: 'UNAUTHORIZED' }, JSON_TYPE);

/** A fact and when it happened. */
type Timed = readonly [atMs: number, fact: TraceFact];

const askedAt = (atMs: number, token: string, seconds: number | undefined): readonly Timed[] => {
  const body = { access_token: token, token_type: 'Bearer', expires_in: seconds };
  return [
    [atMs, request('/v1/auth/token', KEY, 'POST')],
    [atMs + 10, response(200, body, JSON_TYPE)],
  ];
};
const socketAt = (atMs: number, token: string, ...rest: readonly Timed[]): readonly Timed[] => [
  [atMs, request(PATH, bearer(token))],
  [atMs, switched()],
  ...rest,
];
const refusedAt = (atMs: number, token: string, ...rest: readonly Timed[]): readonly Timed[] => [
  [atMs, request(PATH, bearer(token))],
  [atMs, UNAUTHORIZED],
  ...rest,
];

/** A play of connections and calls, whose events are in the order of their times. */
function seen(...conversations: readonly (readonly Timed[])[]): Play {
  const all = conversations.flatMap((facts, i) =>
    facts.map(([atMs, fact]) => ({ session: `s${i + 1}`, atMs, ...fact })),
  );
  return play(all.sort((a, b) => a.atMs - b.atMs));
}

describe('R8-TOK-004', () => {
  const outcome = (...conversations: readonly (readonly Timed[])[]) =>
    outcomes('R8-TOK-004', seen(...conversations));

  it.each<[title: string, conversations: readonly (readonly Timed[])[], expected: readonly string[]]>([
    [
      'continues its session and presents another token afterwards',
      [
        askedAt(0, 'redacted-2', 2),
        socketAt(
          100,
          'redacted-2',
          [1000, audio],
          [3000, audio],
          [3100, confirmed],
          [3200, closed('client')],
        ),
        askedAt(3300, 'redacted-3', 2),
        socketAt(3400, 'redacted-3', [3500, audio]),
      ],
      ['held', 'held'],
    ],
    [
      'gets another token in good time, while its session goes on',
      [
        askedAt(0, 'redacted-2', 2),
        socketAt(100, 'redacted-2', [1000, audio], [3000, audio], [3100, confirmed]),
        askedAt(1500, 'redacted-3', 600),
        socketAt(3400, 'redacted-3', [3500, audio]),
      ],
      ['held', 'held'],
    ],
    [
      'asks for another token once one is refused',
      [
        askedAt(0, 'redacted-2', 2),
        refusedAt(3000, 'redacted-2'),
        askedAt(3100, 'redacted-3', 2),
        socketAt(3200, 'redacted-3', [3300, audio]),
      ],
      ['held'],
    ],
    [
      'ends a session without its results and later begins another, as users do',
      [
        askedAt(0, 'redacted-2', 2),
        socketAt(100, 'redacted-2', [1000, audio], [3000, audio], [3200, closed('client')]),
        askedAt(9000, 'redacted-3', 2),
        socketAt(9100, 'redacted-3', [9200, audio]),
      ],
      ['held', 'held'],
    ],
    [
      'is disconnected by the server',
      [
        askedAt(0, 'redacted-2', 2),
        socketAt(100, 'redacted-2', [1000, audio], [3200, closed('server')], [3210, closed('client')]),
        askedAt(3100, 'redacted-3', 2),
        socketAt(3300, 'redacted-3', [3400, audio]),
      ],
      ['held'],
    ],
  ])('is met by a client that %s', (_title, conversations, expected) => {
    expect(outcome(...conversations)).toEqual(expected);
  });

  it('is broken by a client that ends its session for another token', () => {
    const found = judge(
      'R8-TOK-004',
      seen(
        askedAt(0, 'redacted-2', 2),
        socketAt(100, 'redacted-2', [1900, audio], [2100, closed('client')]),
        askedAt(2050, 'redacted-3', 2),
        socketAt(2200, 'redacted-3', [2300, audio]),
      ),
    );
    expect(found[0]).toMatchObject({
      outcome: 'broken',
      actual: 'a close before the last results, and another session with a new token',
    });
  });

  it('is not decided where audio was read soon after another token was given, on another connection', () => {
    const found = judge(
      'R8-TOK-004',
      seen(
        askedAt(0, 'redacted-2', 2),
        socketAt(100, 'redacted-2', [2070, audio], [2100, closed('client')]),
        askedAt(2050, 'redacted-3', 2),
        socketAt(2200, 'redacted-3', [2300, audio]),
      ),
    );
    expect(found[0]).toMatchObject({
      outcome: 'unclear',
      actual: expect.stringContaining('audio was read after the token was given') as string,
    });
  });

  it.each<[actual: string, more: readonly (readonly Timed[])[], report: readonly Timed[]]>([
    ['the same access token again', [refusedAt(4000, 'redacted-2')], []],
    ['an error that is reported to the user', [], [[3100, complained]]],
  ])('is broken by %s, in answer to a refusal', (actual, more, report) => {
    const found = judge(
      'R8-TOK-004',
      seen(askedAt(0, 'redacted-2', 2), refusedAt(3000, 'redacted-2', ...report), ...more),
    );
    expect(found).toMatchObject([{ outcome: 'broken', actual }]);
  });

  it('is not decided where the trace ends with the refusal', () => {
    expect(outcome(askedAt(0, 'redacted-2', 2), refusedAt(3000, 'redacted-2'))).toEqual(['unclear']);
  });

  it.each<[title: string, conversations: readonly (readonly Timed[])[]]>([
    ['no token expires', [askedAt(0, 'redacted-2', 600), socketAt(100, 'redacted-2', [3000, audio])]],
    ['a token is refused before it expires', [askedAt(0, 'redacted-2', 600), refusedAt(3000, 'redacted-2')]],
    [
      'it is unknown when the token expires',
      [askedAt(0, 'redacted-2', undefined), refusedAt(3000, 'redacted-2')],
    ],
    ['a token of another program is refused', [askedAt(0, 'redacted-2', 2), refusedAt(3000, 'redacted-9')]],
  ])('is not exercised where %s', (_title, conversations) => {
    expect(outcome(...conversations)).toEqual([]);
  });
});

describe('R8-PRE-005', () => {
  const posted = (query: string, headers: Record<string, string>) =>
    play(
      events([
        at(0, request(`${RECORDING}${query}`, headers, 'POST')),
        response(200, { text: '' }, JSON_TYPE),
      ]),
    );

  it.each([
    ['as samples', '?encoding=pcm_s16le&sample_rate=8000', { ...KEY, ...AUDIO }],
    ['without parameters', '', { ...KEY, ...AUDIO }],
    ['with an access token', '?encoding=auto', { ...bearer('redacted-2'), ...AUDIO }],
    ['in a container', '?encoding=m4a', { ...KEY, 'content-type': 'audio/mp4', 'content-length': '9' }],
    ['of unknown length', '', { ...KEY, 'transfer-encoding': 'chunked' }],
  ])('is met by a recording %s', (_title, query, headers) => {
    expect(outcomes('R8-PRE-005', posted(query, headers))).toEqual(['held']);
  });

  it.each([
    ['encoding: "mp3"', '?encoding=mp3', { ...KEY, ...AUDIO }],
    ['encoding: "auto" and "mulaw"', '?encoding=auto&encoding=mulaw', { ...KEY, ...AUDIO }],
    ['no documented credential', '', { 'x-api-key': 'redacted-1', ...AUDIO }],
    [
      'a body of multipart/form-data',
      '',
      { ...KEY, 'content-type': 'multipart/form-data; boundary=x', 'content-length': '900' },
    ],
    [
      'a body of application/json',
      '',
      { ...KEY, 'content-type': 'application/json', 'content-length': '900' },
    ],
  ])('is broken by %s', (actual, query, headers) => {
    expect(judge('R8-PRE-005', posted(query, headers))).toMatchObject([{ outcome: 'broken', actual }]);
  });

  it('is not exercised by an empty body, with which some clients try a key', () => {
    expect(outcomes('R8-PRE-005', posted('', { ...KEY, 'content-length': '0' }))).toEqual([]);
  });
});
