import { describe, expect, it } from 'vitest';
import { AMBIGUITIES } from '../../../../src/protocol/ambiguities.ts';
import type { TraceFact } from '../../../../src/wire/trace.ts';
import type { Play } from '../../../../src/conformance/judge/invariant.ts';
import { at, judge, outcomes, request } from '../../play.ts';
import {
  API,
  answered,
  as,
  asked,
  connection,
  ENDPOINT,
  initialize,
  inTurn,
  KEY,
  READY,
  report,
  SCALED_DOWN,
  STARTING,
  status,
  timed,
  type Credential,
} from '../../rest-play.ts';

describe('SX-REST-018: a call of status does not start the service', () => {
  const down = [status(SCALED_DOWN), status(SCALED_DOWN), status(SCALED_DOWN)];

  it('is held by each call of status while the service stays scaled down until it is started', () => {
    expect(judge('SX-REST-018', inTurn(...down, initialize(READY), status(READY)))).toEqual([
      { outcome: 'held', events: [1, 2, 3] },
      { outcome: 'held', events: [3, 4, 5] },
    ]);
  });

  // A service that could never start passed: it stayed down, as it would have done whatever a call of status did.
  it.each([200, 503])(
    'is not decided by a service that is never seen running (initialize answers %i)',
    (code) => {
      expect(outcomes('SX-REST-018', inTurn(...down, initialize({}, code)))).toEqual(['unclear', 'unclear']);
    },
  );

  it.each([
    ['starting', STARTING],
    ['ready', READY],
  ])('is broken by a call of status after which the service is %s', (_what, body) => {
    expect(judge('SX-REST-018', inTurn(status(SCALED_DOWN), status(body)))).toMatchObject([
      { outcome: 'broken', events: [1, 2, 3], actual: body.status },
    ]);
  });

  it.each<[what: string, given: Play]>([
    ['a call of initialize came in between', inTurn(status(SCALED_DOWN), initialize(READY), status(READY))],
    [
      'a call of initialize is still going on',
      inTurn([asked('initialize')], status(SCALED_DOWN), status(STARTING)),
    ],
    [
      'a call of initialize had failed before',
      inTurn(initialize({}, 503), status(SCALED_DOWN), status(STARTING)),
    ],
    ['a connection was tried in between', inTurn(status(SCALED_DOWN), connection(), status(STARTING))],
    [
      'the calls of status overlap',
      timed([0, asked('status'), at(500, answered(200, SCALED_DOWN))], [100, ...status(READY)]),
    ],
    ['the service was ready before', inTurn(status(READY), status(SCALED_DOWN))],
  ])('is not exercised where %s', (_what, given) => {
    expect(outcomes('SX-REST-018', given)).toEqual([]);
  });

  it.each<[what: string, first: readonly TraceFact[]]>([
    ['had ended with its 200', initialize(READY)],
    ['was refused', initialize({}, 401)],
    ['was refused for its scope', initialize({}, 403)],
    ['had another method', [request(`${API}/initialize`, KEY), answered(405)]],
  ])('is broken all the same where a call of initialize %s', (_what, first) => {
    expect(outcomes('SX-REST-018', inTurn(first, status(SCALED_DOWN), status(STARTING)))).toEqual(['broken']);
  });
});

describe('SX-REST-019: after initialize the service is ready', () => {
  it('is held by ready and broken by anything else, in the next answer of status only', () => {
    expect(judge('SX-REST-019', inTurn(initialize(READY), status(READY), status(SCALED_DOWN)))).toEqual([
      { outcome: 'held', events: [1, 2, 3] },
    ]);
    expect(judge('SX-REST-019', inTurn(initialize(READY), status(STARTING)))).toMatchObject([
      { outcome: 'broken', actual: 'status: "starting"' },
    ]);
  });

  it('is doubtful where the service stays down, as it may without auto-scaling (A12)', () => {
    expect(judge('SX-REST-019', inTurn(initialize(READY), status(SCALED_DOWN)))).toMatchObject([
      { outcome: 'doubtful', reading: AMBIGUITIES.A12.readings.saysReady, actual: 'status: "scaled_down"' },
    ]);
  });

  it('is not exercised by a call of status before the answer, nor by one that failed', () => {
    const overlapping = timed(
      [0, asked('initialize'), at(500, answered(200, READY))],
      [100, ...status(STARTING)],
    );

    expect(outcomes('SX-REST-019', overlapping)).toEqual([]);
    expect(outcomes('SX-REST-019', inTurn(initialize({}, 503), status(SCALED_DOWN)))).toEqual([]);
    expect(outcomes('SX-REST-019', inTurn(status(SCALED_DOWN), initialize(READY)))).toEqual([]);
  });
});

describe('SX-REST-020: initialize can be called again', () => {
  it.each<[outcome: string, code: number]>([
    ['held', 200],
    ['broken', 500],
    ['broken', 409],
    ['unclear', 429],
  ])('is %s when the second is answered with %d', (outcome, code) => {
    expect(
      outcomes('SX-REST-020', inTurn(initialize(READY), status(READY), initialize(READY, code))),
    ).toEqual([outcome]);
  });

  it('is about the same key: a refusal counts only if the key is known to be good', () => {
    const twice = (a: Credential, b: Credential, code: number) =>
      outcomes('SX-REST-020', inTurn([as(a), ...initialize(READY)], [as(b), ...initialize({}, code)]));

    expect(twice('admin', 'admin', 403)).toEqual(['broken']);
    expect(twice('admin', 'valid', 403)).toEqual([]);
    expect(twice('admin', 'user', 403)).toEqual([]);
    expect(outcomes('SX-REST-020', inTurn(initialize(READY), initialize({}, 401)))).toEqual([]);
    expect(outcomes('SX-REST-020', inTurn(initialize({}, 503), initialize(READY)))).toEqual([]);
  });
});

describe('SX-REST-021: the service starts only because of initialize', () => {
  it.each<[what: string, parts: readonly (readonly TraceFact[])[]]>([
    ['between two calls of status', [status(SCALED_DOWN), initialize(READY), status(READY)]],
    ['that is still going on', [status(SCALED_DOWN), [asked('initialize')], status(STARTING)]],
    ['that failed before', [initialize({}, 503), status(SCALED_DOWN), status(STARTING)]],
  ])('is held by a call of initialize %s', (_what, parts) => {
    expect(outcomes('SX-REST-021', inTurn(...parts))).toEqual(['held']);
  });

  it.each<[what: string, parts: readonly (readonly TraceFact[])[]]>([
    ['there was no call', [status(SCALED_DOWN), status(STARTING)]],
    ['only a connection was tried', [status(SCALED_DOWN), connection(), status(READY)]],
    ['the call came later', [status(SCALED_DOWN), status(STARTING), initialize(READY)]],
    ['the call was refused', [status(SCALED_DOWN), initialize({}, 403), status(READY)]],
    ['the call had ended', [initialize(READY), status(SCALED_DOWN), status(READY)]],
  ])('is broken where %s', (_what, parts) => {
    expect(outcomes('SX-REST-021', inTurn(...parts))).toEqual(['broken']);
  });

  it('is not exercised by a service that stays as it is, or was already starting', () => {
    expect(outcomes('SX-REST-021', inTurn(status(SCALED_DOWN), status(SCALED_DOWN)))).toEqual([]);
    expect(outcomes('SX-REST-021', inTurn(status(STARTING), status(READY)))).toEqual([]);
  });
});

describe('SX-REST-023: the client connects to the address that it was given', () => {
  const to = (endpoint: string, ...facts: readonly TraceFact[]) =>
    judge('SX-REST-023', inTurn(initialize({ ...READY, endpoint }), facts));

  it.each<[what: string, endpoint: string, facts: readonly TraceFact[]]>([
    ['exactly the URL', ENDPOINT, connection()],
    ['a URL without a port', 'wss://example.com/v2/realtime', connection('/v2/realtime', 'example.com:443')],
    ['the host of the URL, for a stream', ENDPOINT, connection('/v2/client/redacted-1?url=x')],
    ['the path of the URL', 'ws://h/eu/v2/realtime', connection('/eu/v2/realtime?token=redacted-1', 'h')],
  ])('is held by a connection to %s', (_what, endpoint, facts) => {
    expect(to(endpoint, ...facts)).toEqual([{ outcome: 'held', events: [1, 2] }]);
  });

  it.each<[what: string, endpoint: string, facts: readonly TraceFact[], actual: string]>([
    ['another host', 'ws://elsewhere/v2/realtime', connection(), 'one to 127.0.0.1:8080/v2/realtime'],
    ['another port', 'ws://h:81/v2/realtime', connection('/v2/realtime', 'h:82'), 'one to h:82/v2/realtime'],
    ['another path', 'ws://h/eu/v2/realtime', connection('/v2/realtime', 'h'), 'one to h/v2/realtime'],
  ])('is broken by a connection to %s', (_what, endpoint, facts, actual) => {
    expect(to(endpoint, ...facts)).toMatchObject([{ outcome: 'broken', actual }]);
  });

  it('is judged by the latest answer before the connection, and not exercised without one', () => {
    const moved = inTurn(
      status({ ...SCALED_DOWN, endpoint: 'ws://old/v2/realtime' }),
      initialize(READY),
      connection(),
      status({ ...READY, endpoint: 'ws://new/v2/realtime' }),
    );

    expect(outcomes('SX-REST-023', moved)).toEqual(['held']);
    expect(outcomes('SX-REST-023', inTurn(connection(), initialize(READY)))).toEqual([]);
    expect(to('nonsense', ...connection())).toEqual([]);
  });
});

describe('SX-REST-024: first initialize, then connect', () => {
  it.each<[outcome: string, what: string, parts: readonly (readonly TraceFact[])[]]>([
    ['held', 'an answer of initialize', [status(SCALED_DOWN), initialize(READY), connection()]],
    ['held', 'a status that is ready', [status(READY), connection()]],
    ['broken', 'a status that is not ready', [status(SCALED_DOWN), connection()]],
    ['broken', 'a call of initialize that is not answered yet', [[asked('initialize')], connection()]],
    ['broken', 'no call, with a call of initialize later', [connection(), initialize(READY)]],
  ])('is %s by a connection after %s', (outcome, _what, parts) => {
    expect(outcomes('SX-REST-024', inTurn(...parts))).toEqual([outcome]);
  });

  it('is not exercised by a client that does not use the API, or does not connect', () => {
    expect(outcomes('SX-REST-024', inTurn(connection()))).toEqual([]);
    expect(outcomes('SX-REST-024', inTurn(connection(), status(READY)))).toEqual([]);
    expect(outcomes('SX-REST-024', inTurn(initialize(READY)))).toEqual([]);
  });
});

describe('SX-REST-025: the client does not connect while ready is false', () => {
  it('is broken by a connection directly after ready: false', () => {
    expect(judge('SX-REST-025', inTurn(status(STARTING), connection()))).toMatchObject([
      { outcome: 'broken', events: [1, 2] },
    ]);
    // A failed call does not make the service ready.
    expect(outcomes('SX-REST-025', inTurn(status(STARTING), initialize({}, 503), connection()))).toEqual([
      'broken',
    ]);
  });

  it('is held by a client that waits for another answer, or does not connect', () => {
    expect(outcomes('SX-REST-025', inTurn(status(STARTING), status(READY), connection()))).toEqual(['held']);

    const told = report({ event: 'state', state: 'starting' });
    expect(outcomes('SX-REST-025', inTurn(status(STARTING), [asked('status')]))).toEqual(['held']);
    expect(outcomes('SX-REST-025', inTurn(status(STARTING), [told]))).toEqual(['held']);
  });

  // A client that crashed at the first answer was said to have waited.
  it.each<[what: string, facts: readonly TraceFact[]]>([
    ['does nothing more', []],
    ['reports an error', [report({ event: 'error', kind: 'other' })]],
    ['reports that the connection is closed', [report({ event: 'closed', code: 1006 })]],
  ])('is not decided by a client that %s', (_what, facts) => {
    expect(outcomes('SX-REST-025', inTurn(status(STARTING), facts))).toEqual(['unclear']);
  });

  it('is broken only by a connection after the last of several answers', () => {
    const impatient = inTurn(status(SCALED_DOWN), status(STARTING), connection());
    expect(outcomes('SX-REST-025', impatient)).toEqual(['held', 'broken']);
  });

  it('is not exercised where the service is ready', () => {
    expect(outcomes('SX-REST-025', inTurn(status(READY), connection()))).toEqual([]);
  });
});

describe('SX-REST-026: the wording of a message decides nothing', () => {
  const misleading = { ...SCALED_DOWN, message: 'Service ready to be scaled up' };
  const odd = { ...READY, message: 'No longer starting up' };
  const error = report({ event: 'error', kind: 'other' });

  const waits = inTurn(status(SCALED_DOWN), initialize(READY), connection());
  const connects = inTurn(status(SCALED_DOWN), connection());
  const gives = inTurn(initialize(READY), [error]);

  it.each<[outcome: string, what: string, parts: readonly (readonly TraceFact[])[]]>([
    ['held', 'waits while ready is false', [status(misleading), initialize(READY), connection()]],
    ['held', 'connects when ready is true', [status(odd), initialize(READY), connection()]],
    ['broken', 'connects although ready is false', [status(misleading), connection()]],
    ['broken', 'reports an error although ready is true', [initialize(odd), [error]]],
    ['unclear', 'does nothing more after ready: false', [status(misleading)]],
  ])('is %s by a client that %s, and follows documented messages elsewhere', (outcome, _what, parts) => {
    const given = inTurn(...parts);
    expect(outcomes('SX-REST-026', { ...given, run: [given, waits] })).toEqual([outcome]);
  });

  // A client that connects whatever the value of ready was accused of following the message.
  it.each<[what: string, parts: readonly (readonly TraceFact[])[], others: readonly Play[]]>([
    ['connects after a documented message, too', [status(misleading), connection()], [connects]],
    ['sometimes waits and sometimes connects', [status(misleading), connection()], [waits, connects]],
    ['is not seen elsewhere', [status(misleading), connection()], []],
    ['gives up after a documented message, too', [initialize(odd), [error]], [gives]],
    ['gives up, and is not seen elsewhere', [initialize(odd), [error]], []],
  ])('is not decided by a client that %s', (_what, parts, others) => {
    const given = inTurn(...parts);
    expect(outcomes('SX-REST-026', { ...given, run: [given, ...others] })).toEqual(['unclear']);
  });

  it('is not exercised by documented messages, nor by a client that just leaves', () => {
    expect(outcomes('SX-REST-026', inTurn(status(SCALED_DOWN), connection()))).toEqual([]);
    expect(outcomes('SX-REST-026', inTurn(initialize(odd)))).toEqual([]);
  });
});

describe('SX-REST-027: failures are reported', () => {
  const error = report({ event: 'error', kind: 'auth', message: 'no' });
  const other = report({ event: 'state', state: 'starting' });

  describe.each([401, 403, 500, 503])('after a %d', (code) => {
    it.each<[outcome: string, what: string, parts: readonly (readonly TraceFact[])[]]>([
      ['held', 'an error', [initialize({}, code), [error]]],
      ['broken', 'something else', [initialize({}, code), [other]]],
      ['broken', 'an error before it', [[error], initialize({}, code)]],
      ['broken', 'an error, and a connection', [initialize({}, code), connection(), [error]]],
      [
        'held',
        'an error, then success and a connection',
        [initialize({}, code), [error], initialize(READY), connection()],
      ],
    ])('is %s by a client that reports %s', (outcome, _what, parts) => {
      expect(outcomes('SX-REST-027', inTurn(...parts))).toEqual([outcome]);
    });

    it('does not require a report after a call that is repeated and succeeds, nor from a client that reports nothing', () => {
      expect(outcomes('SX-REST-027', inTurn(initialize({}, code), initialize(READY), [other]))).toEqual([]);
      expect(outcomes('SX-REST-027', inTurn(initialize({}, code)))).toEqual([]);
      // What needs no report is judged without one.
      expect(outcomes('SX-REST-027', inTurn(initialize({}, code), connection()))).toEqual(['broken']);
    });

    // Fifty retries of a 403 passed, because a 200 of the status counted as a success.
    it('is broken by a client that repeats its call forever', () => {
      const calls = Array.from({ length: 50 }, () => [initialize({}, code), status(READY)]).flat();
      expect(outcomes('SX-REST-027', inTurn(...calls))).toContain('broken');
    });
  });

  it('is not about other answers', () => {
    expect(outcomes('SX-REST-027', inTurn(status(READY), [other]))).toEqual([]);
    expect(outcomes('SX-REST-027', inTurn(status({}, 429), [other]))).toEqual([]);
  });
});
