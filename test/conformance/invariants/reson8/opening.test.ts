import { describe, expect, it } from 'vitest';
import type { TraceFact } from '../../../../src/wire/trace.ts';
import { audio, at, close, context, events, heard, judge, outcomes, play, response } from '../../play.ts';
import {
  BROWSER,
  confirmed,
  end,
  flush,
  KEY,
  probe,
  report,
  SMALL,
  switched,
  upgrade,
} from './cases/building.ts';
import { open } from './cases/building.ts';

const error = (code: string) => heard({ type: 'error', code });

describe('R8-AUTH-002, whether a good key was accepted:', () => {
  it.each<readonly [string, readonly TraceFact[], readonly string[]]>([
    ['a session', [upgrade(), switched(), audio(20), heard(SMALL)], ['held']],
    ['an open connection', [upgrade(), switched()], ['held']],
    ['403', [upgrade(), response(403)], ['broken']],
    ['an error at once that says so', [upgrade(), switched(), error('UNAUTHORIZED')], ['broken']],
    [
      'the same error in the middle of a session',
      [upgrade(), switched(), heard(SMALL), error('UNAUTHORIZED')],
      ['held'],
    ],
    ['the same error after audio', [upgrade(), switched(), audio(20), error('UNAUTHORIZED')], ['unclear']],
    ['another error', [upgrade(), switched(), error('INTERNAL_ERROR')], ['held']],
    ['an end that may be a refusal', [upgrade(), switched(), close('server', 1008)], ['unclear']],
    ['an end that is not a refusal', [upgrade(), switched(), end('server', 'fin', 1006)], ['held']],
    ['402', [upgrade(), response(402)], ['unclear']],
    ['400', [upgrade(), response(400)], ['unclear']],
    ['too many connections', [upgrade(), response(429)], []],
    ['500', [upgrade(), response(500)], ['unclear']],
    ['no answer', [upgrade(), end('client', 'fin', 1006)], ['unclear']],
    ['no answer yet', [upgrade()], []],
    ['a query with a mistake', [upgrade('channels=0'), response(401)], []],
    ['a query with an unusual spelling', [upgrade('include_words=1'), response(401)], []],
    ['a query with a parameter twice', [upgrade('channels=1&channels=1'), response(401)], []],
    ['two credentials', [upgrade('', { ...KEY, ...BROWSER }), response(401)], []],
    [
      'a scheme in another case',
      [upgrade('', { authorization: 'apikey redacted-1' }), response(401)],
      ['broken'],
    ],
  ])('%s', (_what, facts, expected) => {
    expect(outcomes('R8-AUTH-002', probe('valid', ...facts))).toEqual(expected);
  });

  it('is not exercised when it is unknown whether the key is good', () => {
    expect(outcomes('R8-AUTH-002', play(events([upgrade(), response(401)])))).toEqual([]);
  });
});

describe('R8-AUTH-005 and R8-AUTH-006, the selected subprotocol', () => {
  it.each<readonly [string, Record<string, string>, readonly string[], readonly string[]]>([
    ['bearer', { 'sec-websocket-protocol': 'bearer' }, ['held'], ['held']],
    ['the token', { 'sec-websocket-protocol': 'redacted-1' }, ['held'], ['broken']],
    ['both', { 'sec-websocket-protocol': 'bearer, redacted-1' }, ['broken'], ['broken']],
    ['one that was not offered', { 'sec-websocket-protocol': 'chat' }, ['broken'], ['broken']],
    ['another case', { 'sec-websocket-protocol': 'Bearer' }, ['broken'], ['broken']],
    ['nothing', { 'sec-websocket-protocol': '' }, ['broken'], []],
  ])('%s', (_what, headers, selects, bearer) => {
    const play = probe('valid', upgrade('', BROWSER), switched(headers));
    expect(outcomes('R8-AUTH-005', play)).toEqual(selects);
    expect(outcomes('R8-AUTH-006', play)).toEqual(bearer);
  });

  it('is not judged where the headers of the answer were not recorded', () => {
    expect(outcomes('R8-AUTH-005', probe('valid', upgrade('', BROWSER), response(101)))).toEqual([]);
  });
});

describe('R8-QRY-005, invalid values', () => {
  const taken = (query: string) =>
    outcomes('R8-QRY-005', probe('valid', upgrade(query), switched(), flush(), confirmed(null)));

  it.each([
    ['encoding=mp3', 'wrong', ['broken']],
    ['encoding=mulaw', 'right', []],
    ['encoding=pcm_s16le&sample_rate=fast', 'wrong', ['broken']],
    ['encoding=pcm_s16le&sample_rate=0', 'wrong', ['broken']],
    ['encoding=pcm_s16le&sample_rate=%20', 'wrong', ['broken']],
    ['encoding=pcm_s16le&sample_rate=1.6e4', 'right', []],
    ['encoding=pcm_s16le&channels=1.5', 'wrong', ['broken']],
    ['encoding=pcm_s16le&channels=-1', 'wrong', ['broken']],
    ['sample_rate=fast', 'doubtful', ['doubtful']],
    ['encoding=auto&channels=0', 'doubtful', ['doubtful']],
    ['include_interim=maybe', 'wrong', ['broken']],
    ['include_interim=maybe&sample_rate=fast', 'wrong', ['broken']],
    ['include_interim=True', 'right', []],
    ['custom_model_id=', 'right', []],
    ['unknown=1', 'right', []],
  ])('accepting %s is %s', (query, _verdict, expected) => {
    expect(taken(query)).toEqual(expected);
  });

  it('refusing them is right, whether they are used or not', () => {
    for (const query of ['encoding=mp3', 'sample_rate=fast']) {
      expect(outcomes('R8-QRY-005', probe('valid', upgrade(query), response(400)))).toEqual(['held']);
    }
  });

  it('they are not judged without a good credential', () => {
    expect(outcomes('R8-QRY-005', probe('invalid', upgrade('encoding=mp3'), response(401)))).toEqual([]);
  });
});

describe('R8-QRY-007, a bare URL', () => {
  const bare = (...facts: readonly TraceFact[]) => outcomes('R8-QRY-007', probe('valid', ...facts));

  it('is still bare with a parameter that only a fake knows, and not with any other', () => {
    expect(bare(upgrade('scenario=happy-path'), switched())).toEqual(['held']);
    expect(bare(upgrade('language=en'), switched())).toEqual([]);
  });

  it('is not accepted when an error says that it is invalid', () => {
    expect(bare(upgrade(), switched(), error('INVALID_REQUEST'))).toEqual(['broken']);
    expect(bare(upgrade(), response(401))).toEqual(['unclear']);
  });
});

describe('R8-CONN-001', () => {
  const at404 = (target: string) =>
    judge(
      'R8-CONN-001',
      play(
        events([
          context({ dialect: 'reson8' }),
          { kind: 'request', method: 'GET', target, headers: KEY },
          response(404),
        ]),
      ),
    );

  it('assigns each occasion to a side', () => {
    expect(at404('/v1/speech-to-text/realtime?a=/b')).toMatchObject([
      { outcome: 'held', by: 'client', events: [1] },
      { outcome: 'broken', by: 'server', events: [1, 2] },
    ]);
  });

  it.each([
    ['/proxy/v1/speech-to-text/realtime', 'held'],
    ['//v1/speech-to-text/realtime', 'broken'],
    ['/v1/speech-to-text/turns', 'broken'],
  ])('%s is %s', (target, expected) => {
    expect(at404(target)[0]).toMatchObject({ by: 'client', outcome: expected });
  });
});

describe('R8-ERR-001, the name of an error:', () => {
  const refused = (status: number, body?: unknown, headers: Record<string, string> = {}) =>
    outcomes('R8-ERR-001', play(events([upgrade(), response(status, body, headers)])));

  it.each<readonly [string, readonly string[], readonly string[]]>([
    ['its own name', refused(400, { code: 'INVALID_REQUEST' }), ['held']],
    ['the name of another', refused(400, { code: 'UNAUTHORIZED' }), ['broken']],
    ['no name', refused(400, { message: 'channels: no' }), []],
    ['no JSON', refused(500, 'oops'), []],
    ['a list', refused(500, '[1]'), []],
    ['a name within another object', refused(401, { error: { code: 'NOPE' } }), ['broken']],
    ['a name in a header', refused(401, '', { 'x-error-message': 'UNAUTHORIZED' }), ['held']],
    ['a sentence in a header', refused(401, '', { 'x-error-message': 'expired' }), []],
    ['a status without a documented name', refused(429, { code: 'TOO_MANY_REQUESTS' }), []],
  ])('%s', (_what, seen, expected) => {
    expect(seen).toEqual(expected);
  });

  it('also holds for messages', () => {
    const of = (fields: Record<string, unknown>) =>
      outcomes('R8-ERR-001', play(events([...open(), heard({ type: 'error', ...fields })])));

    expect(of({ code: 'INTERNAL_ERROR' })).toEqual(['held']);
    expect(of({ code: 'internal_error' })).toEqual(['broken']);
    expect(of({ message: 'internal error' })).toEqual([]);
  });
});

describe('R8-ERR-002', () => {
  const said = report({ event: 'state', state: 'idle' });
  const seen = (...sessions: readonly (readonly TraceFact[])[]) =>
    outcomes('R8-ERR-002', play(events(...sessions)));

  it.each<readonly [string, TraceFact, readonly string[]]>([
    ['an error', report({ event: 'error', kind: 'auth' }), ['held']],
    ['an end that is not normal', report({ event: 'closed', code: 1006 }), ['held']],
    ['a normal end', report({ event: 'closed', code: 1000 }), ['broken']],
    ['anything else', said, ['broken']],
  ])('is judged by the report of %s', (_what, told, expected) => {
    expect(seen([upgrade(), response(401), told])).toEqual(expected);
    const closed = [close('server', 1011), close('client', 1011)];
    expect(seen([...open(), error('INTERNAL_ERROR'), ...closed, told])).toEqual(expected);
  });

  // The client was accused although it had left before the error came.
  it.each<readonly [string, number, readonly string[]]>([
    ['just before', 10, []],
    ['a while before', 1000, ['broken']],
  ])('is judged for an error that comes %s the Close frame of the client', (_what, ms, expected) => {
    expect(seen([...open(), error('INTERNAL_ERROR'), at(ms, close('client')), said])).toEqual(expected);
  });

  it('is not held by a report before the refusal', () => {
    expect(seen([report({ event: 'error' }), upgrade(), response(401)])).toEqual(['broken']);
  });

  it('may be held by a report on another connection', () => {
    expect(seen([upgrade(), response(401)], [at(50, report({ event: 'error' }))])).toEqual(['held']);
  });

  it.each([
    [503, 'not exercised', []],
    [401, 'broken', ['broken']],
  ])('after HTTP %i and a second attempt that succeeds is %s', (status, _verdict, expected) => {
    expect(seen([upgrade(), response(status), said], [at(100, upgrade()), switched()])).toEqual(expected);
  });
});
