import { describe, expect, test } from 'vitest';
import { startMockServer } from '../../../../src/mock-server/server.ts';
import type { MockServer } from '../../../../src/mock-server/mock-server.ts';
import { errorBody } from '../../../../src/protocol/scriptix/rest.ts';
import { connect, type ConnectOptions } from '../../../support/clients/client.ts';
import { tone } from '../../../support/audio.ts';
import { microphone, microphoneUrl, TOKEN } from '../../../support/scriptix/scriptix.ts';
import { isFinal, isResult, isState } from '../../../support/scriptix/rules.ts';

/** Whether there is a session: the server answers start with a state. */
async function listens(url: string, options: ConnectOptions = {}): Promise<void> {
  await using client = connect(url, options);
  await client.open;
  client.send({ action: 'start' });
  await client.next(isState('listening'), 'listening');
}

async function refusal(url: string, options: ConnectOptions = {}) {
  await using client = connect(url, options);
  const { status, headers, body } = await client.refused;
  expect(client.messages).toEqual([]);
  expect((await client.closed).code).toBe(1006);
  return { status, type: headers['content-type'], body: JSON.parse(body) as unknown };
}

const NOT_AUTHENTICATED = {
  status: 401,
  type: expect.stringMatching(/^application\/json\b/) as unknown,
  body: { detail: 'Not authenticated' },
};

describe('a microphone connection presents its token', () => {
  test('SX-CONN-005 as a query parameter', async () => {
    await using fake = await startMockServer();
    await listens(`${fake.urls.scriptix.realtime}?token=${TOKEN}`);
  });

  test.each([
    ['SX-CONN-006', 'x-zoom-s2t-key'],
    ['SX-CONN-007', 'x-api-key'],
    ['SX-CONN-008', 'api-key'],
    ['in odd capitals', 'X-Zoom-S2T-Key'],
  ])('%s in the header %s', async (_id, header) => {
    await using fake = await startMockServer({ keys: [TOKEN] });
    await listens(fake.urls.scriptix.realtime, { headers: { [header]: TOKEN } });

    expect(await refusal(fake.urls.scriptix.realtime, { headers: { [header]: 'other' } })).toEqual(
      NOT_AUTHENTICATED,
    );
  });

  test('in a header, even if the query parameter is empty', async () => {
    await using fake = await startMockServer();
    await listens(`${fake.urls.scriptix.realtime}?token=&type=fast`, { headers: { 'x-api-key': TOKEN } });
  });

  test('SX-CONN-020 percent-encoded, whatever its characters', async () => {
    const token = 'a+b/c=d&e?f %20#ü';
    await using fake = await startMockServer({ keys: [token] });
    await listens(`${fake.urls.scriptix.realtime}?token=${encodeURIComponent(token)}`);
  });
});

describe('SX-CONN-010 SX-CONN-011 there is no microphone session', () => {
  const none = (fake: MockServer) => fake.urls.scriptix.realtime;
  test.each<[string, (fake: MockServer) => string, Record<string, string>]>([
    ['without any token', none, {}],
    ['with an empty token', (fake) => `${none(fake)}?token=`, {}],
    ['with an empty header', none, { 'x-api-key': '' }],
    ['with an invalid token', (fake) => `${none(fake)}?token=invalid-key`, {}],
    ['with an expired token', (fake) => `${none(fake)}?token=expired-key`, {}],
    ['with an invalid token in a header', none, { 'x-zoom-s2t-key': 'invalid-key' }],
    ['with an expired token in a header', none, { 'api-key': 'expired-key' }],
    ['with a token in an undocumented header', none, { 'x-token': TOKEN }],
    ['with a token in an undocumented parameter', (fake) => `${none(fake)}?key=${TOKEN}`, {}],
    ['with the credentials of the other service', none, { authorization: `ApiKey ${TOKEN}` }],
  ])('%s', async (_case, url, headers) => {
    await using fake = await startMockServer();
    expect(await refusal(url(fake), { headers })).toEqual(NOT_AUTHENTICATED);
    expect(fake.sessions).toEqual([]);
  });

  test('with any key but the configured ones', async () => {
    await using fake = await startMockServer({ keys: ['one', 'two:user', 'three:expired'] });
    const url = (token: string) => `${fake.urls.scriptix.realtime}?token=${token}`;
    await listens(url('one'));
    await listens(url('two'));
    for (const token of ['three', 'four', 'user-key', 'two:user', 'ONE']) {
      expect(await refusal(url(token)), token).toEqual(NOT_AUTHENTICATED);
    }
  });

  test('a refused key is in no event', async () => {
    const events: unknown[] = [];
    await using fake = await startMockServer({
      keys: ['secret-one'],
      onEvent: (event) => events.push(event),
    });
    await refusal(`${fake.urls.scriptix.realtime}?token=secret-two`);
    await listens(`${fake.urls.scriptix.realtime}?token=secret-one`);

    expect(events.length).toBeGreaterThan(1);
    expect(JSON.stringify(events)).not.toContain('secret');
  });
});

describe('the query of a microphone connection', () => {
  test('SX-CONN-013 SX-CONN-016 may have only a token', async () => {
    await using fake = await startMockServer();
    await listens(`${fake.urls.scriptix.realtime}?token=${TOKEN}`);
  });

  test.each(['fast', 'quality'])('SX-CONN-014 may ask for the type %s', async (type) => {
    await using fake = await startMockServer();
    await listens(microphoneUrl(fake, { type }));
  });

  test.each(['best', 'FAST', 'fast ', '', 'fast,quality'])(
    'SX-CONN-017 may not have the type "%s"',
    async (type) => {
      await using fake = await startMockServer();
      const { status, body } = await refusal(microphoneUrl(fake, { type }));

      expect(status).toBe(400);
      expect(errorBody.parse(body).detail).toMatch(/type/);
    },
  );

  test.each([
    'en',
    'nl',
    'nl-nl',
    'nl-pol',
    'xx',
    '',
    'a-very-odd-language',
    '../../etc/passwd',
    '__proto__',
  ])('may have the language "%s"', async (language) => {
    await using fake = await startMockServer();
    await using client = await microphone(fake, { query: { language } });
    await client.sendAudio(tone(1000));
    client.send({ action: 'stop' });
    await client.next(isFinal, 'a final');

    expect((await client.closed).code).toBe(1000);
  });

  test('may have undocumented parameters', async () => {
    await using fake = await startMockServer();
    await listens(microphoneUrl(fake, { encoding: 'linear16', debug: '' }));
  });

  test('SX-CONN-013 decides the language of the words', async () => {
    await using fake = await startMockServer();
    const texts = await Promise.all(
      ['en', 'nl', 'de', 'fr', 'es'].map(async (language) => {
        await using client = await microphone(fake, { query: { language } });
        await client.sendAudio(tone(3000));
        client.send({ action: 'stop' });
        const { json } = await client.next(isFinal, 'a final');
        return (json as { text: string }).text;
      }),
    );

    expect(new Set(texts).size).toBe(5);
  });
});

describe('addresses', () => {
  test.each(['/', '/v2', '/v2/realtimes', '/v2/realtime/more', '/v2/clients/x', '/%ff', '/v2/%'])(
    'SX-CONN-002 nothing is served at %s',
    async (path) => {
      await using fake = await startMockServer();
      const { status, type, body } = await refusal(
        `${fake.urls.url.replace('http', 'ws')}${path}?token=${TOKEN}`,
      );

      expect([400, 404]).toContain(status);
      expect(type).toMatch(/^application\/json\b/);
      expect(errorBody.safeParse(body).success).toBe(true);
    },
  );

  test('SX-CONN-001 the service is also served over TLS', async () => {
    await using fake = await startMockServer({ tls: true });
    expect(fake.urls.scriptix.realtime).toMatch(/^wss:/);
    await listens(microphoneUrl(fake), { rejectUnauthorized: false });
  });

  test('a server that is full refuses connections until there is room again', async () => {
    await using fake = await startMockServer({ maxSessions: 1 });
    const first = await microphone(fake);
    const { status, body } = await refusal(microphoneUrl(fake));

    expect(status).toBe(503);
    expect(errorBody.safeParse(body).success).toBe(true);

    const [session] = fake.sessions;
    first.close();
    await first.closed;
    await session?.received('close');
    await listens(microphoneUrl(fake));
  });
});

test('SX-CONN-019 SX-STATE-006 a connection opens and start is answered while the clock stands still', async () => {
  await using fake = await startMockServer({ clock: 'manual' });
  await using client = await microphone(fake);

  expect(client.messages.some(isResult)).toBe(false);
  expect(client.protocol).toBe('');
});
