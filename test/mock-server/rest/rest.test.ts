import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { startMockServer, type MockServer, type MockServerOptions } from '../../../src/index.ts';
import { errorBody, initializeBody, statusBody } from '../../../src/protocol/scriptix/rest.ts';
import { connect } from '../../support/clients/client.ts';
import { microphone, microphoneUrl, TOKEN } from '../../support/scriptix/scriptix.ts';
import { initialize, KEY, status } from '../../support/scriptix/api.ts';
import { ask } from '../../support/clients/ask.ts';
import { isState } from '../../support/scriptix/rules.ts';

/** The answers of the service, word for word (S3:104-129). */
const saying = (fake: MockServer, state: 'ready' | 'scaled_down' | 'starting') => ({
  status: state,
  message: {
    ready: 'Realtime service is ready',
    scaled_down: 'Realtime service is scaled down. Call /initialize to start it.',
    starting: 'Realtime service is starting up',
  }[state],
  ready: state === 'ready',
  endpoint: fake.urls.scriptix.realtime,
});

const asleep = (startMs: number, options: MockServerOptions = {}) =>
  startMockServer({ clock: 'manual', service: { status: 'scaled_down', startMs }, ...options });

/** Resolves when the service is starting, that is, when the request has arrived. */
async function starting(fake: MockServer): Promise<void> {
  for (let tries = 0; tries < 1000; tries++) {
    if ((await status(fake)).json === undefined) throw new Error('status fails');
    if (fake.service.status === 'starting') return;
  }
  throw new Error(`still ${fake.service.status}`);
}

const UNAUTHENTICATED = { status: 401, json: { detail: 'Not authenticated' } };

describe('a service that is ready', () => {
  test('SX-REST-001 SX-REST-004 SX-REST-005 SX-REST-006 SX-REST-020 answers every initialize with S3:58', async () => {
    await using fake = await startMockServer();
    for (let times = 0; times < 3; times++) {
      const { status: code, json } = await initialize(fake);
      expect(code).toBe(200);
      expect(json).toEqual({
        status: 'ready',
        message: 'Realtime service is ready for connections',
        ready: true,
        endpoint: fake.urls.scriptix.realtime,
      });
      expect(initializeBody.safeParse(json).success).toBe(true);
    }
  });

  test.each(['ready', 'scaled_down', 'starting'] as const)(
    'SX-REST-002 SX-REST-007 SX-REST-008 a service that is %s says so',
    async (state) => {
      await using fake = await startMockServer({ clock: 'manual', service: { status: state } });
      const { status: code, json } = await status(fake);

      expect(code).toBe(200);
      expect(json).toEqual(saying(fake, state));
      expect(statusBody.safeParse(json).success).toBe(true);
    },
  );

  test('SX-REST-009 SX-REST-023 names an endpoint that accepts connections', async () => {
    await using fake = await startMockServer();
    const { endpoint } = initializeBody.parse((await initialize(fake)).json);
    await using client = connect(`${endpoint}?token=${TOKEN}`);
    await client.open;
    client.send({ action: 'start' });
    await client.next(isState('listening'), 'listening');
  });

  test('SX-REST-009 names the endpoint by the host that the client used', async () => {
    await using fake = await startMockServer();
    const host = `asr.test:${new URL(fake.urls.url).port}`;
    const { json } = await initialize(fake, { ...KEY, host });

    expect(json).toMatchObject({ endpoint: `ws://${host}/v2/realtime` });
  });

  test.each([
    'evil host',
    'a/b',
    'a"b',
    '',
    'x'.repeat(3000),
    'user@host',
    '[::1',
    'a?b',
    'a\\b',
    'host:99999',
    ':80',
    '[::1]:80x',
  ])('SX-REST-009 names a valid endpoint even if the client used the host "%s"', async (host) => {
    await using fake = await startMockServer();
    const { status: code, json } = await status(fake, { ...KEY, host });
    if (code === 200) expect(statusBody.safeParse(json).error).toBeUndefined();
    else expect(code).toBe(400);
  });

  test('SX-REST-022 speaks JSON', async () => {
    await using fake = await startMockServer();
    const answers = [await initialize(fake), await status(fake), await status(fake, {})];
    for (const { headers, text } of answers) {
      expect(headers['content-type']).toMatch(/^application\/json\b/);
      expect(headers['content-length']).toBe(String(Buffer.byteLength(text)));
    }
  });

  test.each([
    ['no body and no content type', {}, undefined],
    ['an empty body that says it is JSON', { 'content-type': 'application/json' }, ''],
    ['an object', { 'content-type': 'application/json' }, '{}'],
    ['incomplete JSON', { 'content-type': 'application/json' }, '{"a":'],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'a=b&__proto__=c'],
  ])('accepts initialize with %s', async (_case, headers, body) => {
    await using fake = await startMockServer();
    expect((await initialize(fake, { ...KEY, ...headers }, body)).status).toBe(200);
  });

  test('ignores a query and the case of header names', async () => {
    await using fake = await startMockServer();
    const { status: code } = await ask(`${fake.urls.scriptix.api}/status?x=1`, {
      headers: { 'X-Zoom-S2T-Key': TOKEN },
    });

    expect(code).toBe(200);
  });
});

describe('keys', () => {
  test.each<[string, Record<string, string>]>([
    ['no key', {}],
    ['an empty key', { 'x-zoom-s2t-key': '' }],
    ['an invalid key', { 'x-zoom-s2t-key': 'invalid-key' }],
    ['an expired key', { 'x-zoom-s2t-key': 'expired-key' }],
    ['an invalid bearer token', { authorization: 'Bearer invalid-key' }],
    ['an empty bearer token', { authorization: 'Bearer ' }],
    ['another scheme', { authorization: `Basic ${TOKEN}` }],
    ['a header that only connections have', { 'x-token': TOKEN }],
  ])('SX-REST-010 SX-REST-011 %s is answered with 401', async (_case, headers) => {
    await using fake = await startMockServer();

    expect(await initialize(fake, headers)).toMatchObject(UNAUTHENTICATED);
    expect(await status(fake, headers)).toMatchObject(UNAUTHENTICATED);
    expect((await status(fake, headers)).json).toEqual(UNAUTHENTICATED.json);
  });

  test('SX-REST-012 SX-REST-013 SX-REST-014 a key without the admin scope may ask for the status, but not initialize', async () => {
    await using fake = await asleep(0);
    const user = { 'x-zoom-s2t-key': 'user-key' };
    const refused = await initialize(fake, user);

    expect(refused.status).toBe(403);
    expect(refused.json).toEqual({ detail: 'Not enough permissions' });
    expect((await status(fake, user)).json).toEqual(saying(fake, 'scaled_down'));
  });

  test('a server with configured keys accepts no others', async () => {
    await using fake = await startMockServer({ keys: ['boss:admin', 'plain', 'hand:user', 'old:expired'] });
    const codes = async (key: string) => {
      const headers = { 'x-zoom-s2t-key': key };
      return [(await initialize(fake, headers)).status, (await status(fake, headers)).status];
    };

    expect(await codes('boss')).toEqual([200, 200]);
    expect(await codes('plain')).toEqual([200, 200]);
    expect(await codes('hand')).toEqual([403, 200]);
    expect(await codes('old')).toEqual([401, 401]);
    expect(await codes(TOKEN)).toEqual([401, 401]);
  });

  test('a bearer token is accepted, too, although the documents do not say so', async () => {
    await using fake = await startMockServer({ keys: [TOKEN] });
    for (const scheme of ['Bearer', 'bearer']) {
      expect((await status(fake, { authorization: `${scheme} ${TOKEN}` })).status).toBe(200);
    }
  });
});

describe('a service that has to be started', () => {
  test('SX-REST-019 SX-REST-021 is scaled_down, then starting, then ready, and only then is initialize answered', async () => {
    await using fake = await asleep(3000);
    expect((await status(fake)).json).toEqual(saying(fake, 'scaled_down'));

    let answered = false;
    const answer = initialize(fake).finally(() => (answered = true));
    await starting(fake);

    expect((await status(fake)).json).toEqual(saying(fake, 'starting'));

    await fake.clock.advance(2999);
    expect((await status(fake)).json).toEqual(saying(fake, 'starting'));
    expect(answered).toBe(false);

    await fake.clock.advance(1);
    expect(await answer).toMatchObject({ status: 200, json: { status: 'ready', ready: true } });
    expect((await status(fake)).json).toEqual(saying(fake, 'ready'));
  });

  test('SX-REST-018 is not started by asking for its status, however often', async () => {
    await using fake = await asleep(0);
    for (let times = 0; times < 20; times++) {
      expect((await status(fake)).json).toEqual(saying(fake, 'scaled_down'));
      await fake.clock.advance(10_000);
    }
  });

  test('SX-REST-020 answers everyone who initializes it at the same time', async () => {
    await using fake = await asleep(1000);
    let answered = 0;
    const asking = () => initialize(fake).finally(() => (answered += 1));
    const answers = Array.from({ length: 10 }, asking);
    await starting(fake);
    await fake.clock.advance(500);
    const late = asking();
    // Requests are processed in order, so an early answer would have arrived by now.
    for (let times = 0; times < 5; times++) await status(fake);

    expect(answered).toBe(0);

    await fake.clock.advance(500);
    for (const { status: code, json } of await Promise.all([...answers, late])) {
      expect(code).toBe(200);
      expect(initializeBody.safeParse(json).success).toBe(true);
    }
  });

  test('starts even if the client that initialized it has left', async () => {
    await using fake = await asleep(1000);
    const asking = request(`${fake.urls.scriptix.api}/initialize`, { method: 'POST', headers: KEY });
    asking.on('error', () => undefined);
    asking.end();
    await starting(fake);
    asking.destroy();
    await fake.clock.advance(1000);

    expect((await status(fake)).json).toEqual(saying(fake, 'ready'));
  });

  test.each(['scaled_down', 'starting'] as const)(
    'refuses microphones while it is %s, and accepts them when it is ready',
    async (state) => {
      await using fake = await startMockServer({ clock: 'manual', service: { status: state, startMs: 100 } });
      await using early = connect(microphoneUrl(fake));
      const { status: code, body, headers } = await early.refused;

      expect(code).toBe(503);
      expect(headers['content-type']).toMatch(/^application\/json\b/);
      expect(errorBody.safeParse(JSON.parse(body)).success).toBe(true);

      const answer = initialize(fake);
      await starting(fake);
      await fake.clock.advance(100);
      await answer;
      await using client = await microphone(fake);

      expect(client.messages).toHaveLength(2);
    },
  );

  test('leaves no request waiting when the server stops', async () => {
    const fake = await asleep(1000);
    const answer = initialize(fake).then(
      ({ status: code }) => code,
      () => 'cut',
    );
    await starting(fake);
    await fake.stop();

    expect([503, 'cut']).toContain(await answer);
  });
});

describe('a service that does not start', () => {
  test('SX-REST-015 answers 500 if it breaks', async () => {
    await using fake = await asleep(0, { service: { status: 'scaled_down', onInitialize: 'breaks' } });
    const { status: code, json } = await initialize(fake);
    expect(code).toBe(500);

    const { detail } = errorBody.parse(json);
    expect(detail).toMatch(/^Failed to initialize realtime service: \S/);
    expect(Object.keys(json as object)).toEqual(['detail']);
  });

  test('SX-REST-016 SX-REST-017 answers 503 if it fails to start, and still answers status', async () => {
    await using fake = await asleep(0, {
      service: { status: 'scaled_down', onInitialize: 'fails-to-start' },
    });
    const { status: code, json } = await initialize(fake);

    expect(code).toBe(503);
    expect(json).toEqual({ detail: 'Realtime service failed to start' });
    expect((await status(fake)).json).toEqual(saying(fake, 'scaled_down'));
  });

  test.each(['breaks', 'fails-to-start'] as const)(
    'answers an invalid key as usual (%s)',
    async (onInitialize) => {
      await using fake = await startMockServer({ service: { onInitialize } });
      expect(await initialize(fake, {})).toMatchObject(UNAUTHENTICATED);
      expect((await initialize(fake, { 'x-zoom-s2t-key': 'user-key' })).status).toBe(403);
    },
  );
});
