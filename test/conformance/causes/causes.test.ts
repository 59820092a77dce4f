import { describe, expect, it } from 'vitest';
import { causesIn } from '../../../src/conformance/causes/causes.ts';
import { namedBy } from '../../../src/conformance/causes/named.ts';
import { judgeServer, playOf, requirementsOf } from '../../../src/conformance/judging/plays.ts';
import type { RequirementResult } from '../../../src/conformance/judge/result.ts';
import { TOLERANCES } from '../../../src/conformance/judge/tolerances.ts';
import type { TraceContext, TraceEvent, TraceFact } from '../../../src/wire/trace.ts';
import { context, close, events, heard, request, response, said } from '../play.ts';

/*
 * A mistyped key made the runner say that the vendor's server does not accept keys. A cause of the whole run was
 * blamed on whatever was tried when it appeared.
 */

const named = namedBy({ credentials: { valid: 'a-key', user: 'u-key', invalid: 'b-key' } });
const TERMS = { strict: false, deviations: new Set<string>(), side: 'server' as const };

interface Recorded {
  readonly name: string;
  readonly beganMs: number;
  readonly events: readonly TraceEvent[];
}

/** Plays that begin one second after the other. */
function run(...plays: readonly (readonly TraceFact[])[]): readonly Recorded[] {
  return plays.map((facts, i) => ({ name: `play-${i + 1}`, beganMs: i * 1000, events: events(facts) }));
}

const DIALECTS = {
  scriptix: ['scriptix', 'scriptix-stream', 'scriptix-rest'],
  reson8: ['reson8'],
  'reson8 with turns': ['reson8', 'reson8-turns'],
} as const;

function judged(plays: readonly Recorded[], of: keyof typeof DIALECTS = 'scriptix') {
  const dialects = DIALECTS[of];
  const { results, causes } = judgeServer(
    plays.map((each) => playOf(each, TOLERANCES)),
    requirementsOf('server', dialects, {}),
    TERMS,
    named,
  );
  const byId = (id: string): Partial<RequirementResult> => results.find((each) => each.id === id) ?? {};
  const failed = results
    .filter(({ verdict }) => verdict === 'fail' || verdict === 'warn')
    .map(({ id }) => id);
  return { byId, failed, causes: [...new Set(causes.map(({ sentence }) => sentence))] };
}

type Credential = NonNullable<TraceContext['credential']>;
const PATH = '/v2/realtime?token=redacted-1&type=fast';

const microphone = (credential: Credential, ...answer: readonly TraceFact[]): readonly TraceFact[] => [
  context({ dialect: 'scriptix', credential }),
  request(PATH),
  ...answer,
];
const inHeader = (name: string, ...answer: readonly TraceFact[]): readonly TraceFact[] => [
  context({ dialect: 'scriptix', credential: 'valid' }),
  request('/v2/realtime?type=fast&language=en', { [name]: 'redacted-1' }),
  ...answer,
];
const call = (credential: Credential, name: 'initialize' | 'status', ...answer: readonly TraceFact[]) => [
  context({ dialect: 'scriptix-rest', credential }),
  request(`/api/v4/realtime/${name}`, { 'x-zoom-s2t-key': 'redacted-1' }, name === 'status' ? 'GET' : 'POST'),
  ...answer,
];
const reson8 = (query: string, ...answer: readonly TraceFact[]): readonly TraceFact[] => [
  context({ dialect: 'reson8', credential: 'valid' }),
  request(`/v1/speech-to-text/realtime${query}`, { authorization: 'ApiKey redacted-1' }),
  ...answer,
];
const turns = (query: string, ...answer: readonly TraceFact[]): readonly TraceFact[] => [
  context({ dialect: 'reson8-turns', credential: 'valid' }),
  request(`/v1/speech-to-text/turns${query}`, { authorization: 'ApiKey redacted-1' }),
  ...answer,
];
const TAKEN = [response(101), said({ action: 'start' }), heard({ state: 'loading' }), close('client')];
const refused = (status: number, body: unknown = { detail: 'x' }) => [
  response(status, body, { 'content-type': 'application/json' }),
];
const gone: readonly TraceFact[] = [{ kind: 'end', by: 'server', how: 'refused', code: 1006 }];

describe('a refused credential', () => {
  it('fails no requirement, and is reported in one sentence for all places', () => {
    const { failed, causes, byId } = judged(
      run(
        microphone('valid', ...refused(401)),
        inHeader('x-api-key', ...refused(401)),
        call('valid', 'status', ...refused(401, { detail: 'Not authenticated' })),
        microphone('invalid', ...refused(401)),
      ),
    );

    expect(failed).toEqual([]);
    expect(causes).toHaveLength(1);
    expect(causes[0]).toMatch(
      /^The credential of --token \(credentials\.valid in the library\) was refused by the microphone socket .* and GET .*\?$/,
    );
    expect(byId('SX-CONN-005')).toMatchObject({ verdict: 'not-exercised', reason: causes[0] });
    expect(byId('SX-FIN-001')).toMatchObject({ verdict: 'not-exercised', reason: causes[0] });
    // A server that refuses everyone shows nothing by refusing a bad token.
    expect(byId('SX-CONN-011').verdict).toBe('not-exercised');
  });

  it('is reported whatever words a stream refuses it with, if microphone mode shows that it is bad', () => {
    const stream = [
      context({ dialect: 'scriptix-stream', credential: 'valid', source: 'mp3' }),
      request('/v2/client/redacted-1?url=http://x/y.mp3&type=fast&language=en'),
      response(101),
      heard({ error: 'kaput' }),
    ] satisfies readonly TraceFact[];

    expect(judged(run(microphone('valid', ...refused(401)), stream)).failed).toEqual([]);
    expect(judged(run(microphone('valid', ...TAKEN), stream)).failed).toEqual(['SX-STR-007']);
  });

  // A server that closes with 1008 after the upgrade was said to have accepted the credential at first.
  it('that is refused after the upgrade was not accepted before, if the first connection was left at once', () => {
    const crossing = [response(101), close('client', 1000), close('server', 1008)];
    const { failed, causes } = judged(
      run(reson8('', ...crossing), reson8('', response(101), close('server', 1008))),
      'reson8',
    );

    expect(failed).toEqual([]);
    expect(causes).toEqual([
      expect.stringMatching(
        /^The credential of --token \(credentials\.valid in the library\) was refused by the realtime socket .* \(a close with 1008 .*\): is it/,
      ),
    ]);
  });

  it('breaks the requirement on its form if other forms are accepted', () => {
    const { failed, causes } = judged(
      run(
        microphone('valid', ...TAKEN),
        inHeader('x-api-key', ...refused(401)),
        microphone('valid', ...TAKEN),
      ),
    );

    expect(failed).toEqual(['SX-CONN-007']);
    expect(causes).toEqual([]);
  });

  it('that is refused in the middle of a run has expired: later plays show nothing', () => {
    const { failed, causes } = judged(
      run(
        microphone('valid', ...TAKEN),
        inHeader('api-key', ...TAKEN),
        inHeader('x-api-key', ...refused(403)),
        microphone('valid', ...refused(403)),
      ),
    );

    expect(failed).toEqual([]);
    expect(causes[0]).toMatch(/accepted by the microphone socket .* at first and refused from 2\.0 s/);
  });

  it('does not concern the whole run if the same request is accepted again later', () => {
    const { failed } = judged(
      run(microphone('valid', ...TAKEN), microphone('valid', ...refused(401)), microphone('valid', ...TAKEN)),
    );
    expect(failed).toEqual(['SX-CONN-005']);
  });

  it.each([
    ['is unknown to both calls', 401, 401, []],
    ['is known to one of the calls, so that the other breaks its requirement', 401, 403, ['SX-REST-014']],
  ] as const)('that has no admin scope %s', (_how, status, initialize, expected) => {
    const { failed } = judged(
      run(
        call('user', 'status', ...refused(status, { detail: 'Not authenticated' })),
        call('user', 'initialize', ...refused(initialize, { detail: 'Not enough permissions' })),
      ),
    );
    expect(failed).toEqual(expected);
  });
});

describe('a path', () => {
  it.each([404, 405, 410])(
    'that is answered with %i breaks the requirement on the path and no other',
    (status) => {
      const { failed, causes, byId } = judged(
        run(
          microphone('valid', ...refused(status)),
          inHeader('api-key', ...refused(status)),
          microphone('missing', ...refused(status)),
        ),
      );

      expect(failed).toEqual(['SX-CONN-002']);
      expect(causes[0]).toMatch(/^There is nothing at the microphone socket/);
      expect(byId('SX-CONN-010')).toMatchObject({ verdict: 'not-exercised', reason: causes[0] });
    },
  );

  it('of the REST API that is missing breaks the same requirement for each call', () => {
    const { failed } = judged(
      run(
        call('valid', 'status', ...refused(404)),
        call('valid', 'initialize', ...refused(501)),
        call('missing', 'initialize', ...refused(501)),
        call('user', 'status', ...refused(404)),
      ),
    );
    expect(failed).toEqual(['SX-REST-001', 'SX-REST-002']);
  });

  it('that redirects breaks no requirement', () => {
    const { failed, causes } = judged(run(microphone('valid', ...refused(308))));
    expect(failed).toEqual([]);
    expect(causes[0]).toMatch(/sends to another place/);
  });

  it('that exists is not blamed for the answer to a wrong parameter', () => {
    const open = [response(101), heard({ type: 'transcript', text: 'yes' }), close('client')];
    const { failed } = judged(
      run(reson8('', ...open), reson8('?encoding=mp3', ...refused(404)), reson8('', ...open)),
      'reson8',
    );

    expect(failed).toEqual(['R8-QRY-005']);
  });
});

describe('a service', () => {
  it('that does not start fails no requirement on streams', () => {
    const { failed, causes } = judged(
      run(
        call('valid', 'initialize', ...refused(503, { detail: 'Realtime service failed to start' })),
        [
          context({ dialect: 'scriptix-stream', credential: 'valid', source: 'mp3' }),
          request('/v2/client/redacted-1?url=http://x/y.mp3&type=fast&language=en'),
          response(101),
          heard({ error: 'Try again later' }),
        ],
        microphone('valid', ...refused(503)),
      ),
    );

    expect(failed).toEqual([]);
    expect(causes.join()).toMatch(/The service is not running/);
  });

  // It was reported as out of order in answer to "all 2 requests", although it accepted connections later and sent nothing.
  it('that accepts connections once it is started is not out of order, even if it sends nothing', () => {
    const mute = [response(101), said({ action: 'start' }), close('client')];
    const plays = run(microphone('valid', ...refused(503)), microphone('valid', ...mute));
    expect(judged(plays)).toMatchObject({ failed: [], causes: [] });
  });

  it.each([402, 429, 500])('that answers everything with %i fails no requirement', (status) => {
    expect(judged(run(microphone('valid', ...refused(status)))).failed).toEqual([]);

    const { failed } = judged(
      run(reson8('', ...refused(status)), reson8('?encoding=mp3', ...refused(status))),
      'reson8',
    );
    expect(failed).toEqual([]);
  });

  it('that goes down also explains the end of the sessions that were open', () => {
    const cut = [
      ...reson8('', response(101)),
      said({ type: 'flush_request', id: 'a' }),
      { kind: 'end', by: 'server', how: 'reset', code: 1006, afterMs: 4500 },
    ] as readonly TraceFact[];
    const open = [response(101), heard({ type: 'transcript', text: 'yes' }), close('client')];
    const whole = judged(run(reson8('', ...open), cut, reson8('', ...open)), 'reson8');

    expect(whole.failed).toContain('R8-FL-002');

    const { failed, causes } = judged(
      run(reson8('', ...open), cut, reson8('', ...open), [], reson8('', ...gone), reson8('', ...gone)),
      'reson8',
    );
    expect(failed).toEqual([]);
    expect(causes[0]).toMatch(/answered at first and was out of service from 4\.0 s/);
  });

  it('is not reported as down for a status call with 503 that may come from a gateway', () => {
    const page = [response(503, '<html>no</html>', { 'content-type': 'text/html' })];
    expect(judged(run(call('valid', 'status', ...page))).failed).toEqual([]);
    expect(judged(run(call('valid', 'status', ...refused(503)))).failed).toEqual(['SX-REST-016']);
  });
});

it('there is no cause where everyone is accepted', () => {
  const plays = run(microphone('valid', ...TAKEN), microphone('invalid', ...refused(401)));
  expect(
    causesIn(
      plays.map((each) => playOf(each, TOLERANCES)),
      named,
    ),
  ).toEqual([]);
});

describe('an error of the service in answer to one request', () => {
  const open = [response(101), heard({ type: 'transcript', text: 'yes' }), close('client')];

  /*
   * A server that crashed at every invalid parameter passed: 500 was taken for a passing trouble, although every valid
   * request was answered.
   */
  it.each([500, 502, 503])('with %i counts as its answer if valid requests are answered', (status) => {
    const { failed } = judged(
      run(reson8('', ...open), reson8('?encoding=mp3', ...refused(status)), reson8('', ...open)),
      'reson8',
    );
    expect(failed).toEqual(['R8-QRY-005']);
  });

  // A gateway that answered everything invalid with 502 was reported twice, since Reson8 has two sockets.
  it.each([422, 502, 507])('with %i on both sockets of Reson8 is reported once', (status) => {
    const begun = [response(101), heard({ type: 'turn_start' }), close('client')];
    const { failed, byId } = judged(
      run(
        reson8('', ...open),
        turns('', ...begun),
        reson8('?encoding=mp3', ...refused(status)),
        turns('?encoding=mp3', ...refused(status)),
      ),
      'reson8 with turns',
    );

    expect(failed).toEqual(['R8-QRY-005']);
    expect(byId('R8-TURN-017')).toMatchObject({ verdict: 'inconclusive', cause: 'R8-QRY-005' });
  });

  it('is reported for each socket if they behave differently', () => {
    const { failed } = judged(
      run(
        reson8('', ...open),
        turns('', response(101), heard({ type: 'turn_start' }), close('client')),
        reson8('?encoding=mp3', ...refused(422)),
        turns('?encoding=mp3', ...refused(502)),
      ),
      'reson8 with turns',
    );

    expect(failed).toEqual(['R8-QRY-005', 'R8-TURN-017']);
  });

  it('decides nothing if the service has errors at other times, too', () => {
    const { failed, byId } = judged(
      run(
        reson8('', ...open),
        reson8('', ...refused(500)),
        reson8('?encoding=mp3', ...refused(500)),
        reson8('', ...open),
      ),
      'reson8',
    );

    expect(failed).toEqual([]);
    expect(byId('R8-QRY-005').verdict).toBe('inconclusive');
  });

  it('decides nothing if there are too many requests', () => {
    const { byId } = judged(
      run(reson8('', ...open), reson8('?encoding=mp3', ...refused(429)), reson8('', ...open)),
      'reson8',
    );
    expect(byId('R8-QRY-005').verdict).toBe('inconclusive');
  });

  it('is judged for Scriptix like the answer that was expected', () => {
    const asked = (query: string, credential: Credential, ...answer: readonly TraceFact[]) => [
      context({ dialect: 'scriptix', credential }),
      request(`/v2/realtime?token=redacted-1&${query}`),
      ...answer,
    ];
    const { failed, byId } = judged(
      run(
        asked('type=fast&language=en', 'valid', ...TAKEN),
        asked('type=fast', 'valid', ...refused(500)),
        asked('type=turbo&language=en', 'valid', ...refused(500)),
        asked('type=fast&language=en', 'missing', ...refused(500)),
        inHeader('api-key', ...refused(500)),
        asked('type=fast&language=en', 'valid', ...TAKEN),
      ),
    );

    // No session began with a wrong type or without a token, which is all that is required.
    expect(failed).toEqual(['SX-CONN-008', 'SX-CONN-013']);
    expect([byId('SX-CONN-010').verdict, byId('SX-CONN-017').verdict]).toEqual(['pass', 'pass']);
  });
});
