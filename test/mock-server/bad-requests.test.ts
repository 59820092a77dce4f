import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ServerEvent } from '../../src/mock-server/events.ts';
import { startMockServer } from '../../src/mock-server/server.ts';
import type { MockServer } from '../../src/mock-server/mock-server.ts';
import { expectHealthy } from '../support/servers/healthy.ts';
import { connectRaw, openRaw, requestText, upgradeRequest, type RawAnswer } from '../support/clients/raw.ts';
import { KEY } from '../support/reson8.ts';

const REALTIME = '/v1/speech-to-text/realtime';
const MICROPHONE = '/v2/realtime?token=some-token';
/** The headers of a valid upgrade, with the key from RFC 6455. */
const UPGRADE = {
  Host: 'localhost',
  Upgrade: 'websocket',
  Connection: 'Upgrade',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version': '13',
};

let fake: MockServer;
const events: ServerEvent[] = [];
beforeAll(async () => {
  fake = await startMockServer({ headersTimeoutMs: 250, onEvent: (event) => events.push(event) });
});
afterEach(() => expectHealthy(fake));
afterAll(() => fake.stop());

/** Sends bytes on a new connection. The server must answer and then end the connection. */
async function ask(bytes: string | Uint8Array): Promise<RawAnswer> {
  await using client = await connectRaw(fake.urls.url);
  client.write(bytes);
  const answer = await client.answer();
  expect(answer.headers['connection']).toContain('close');
  expect(await client.ended).toBe('fin');
  return answer;
}

/** Header values go out as Latin-1, so that any byte can be sent. */
const request = (target: string, headers: Record<string, string> = {}, method = 'GET') =>
  Buffer.from(requestText(method, target, { ...UPGRADE, ...headers }), 'latin1');

function bodyOf({ headers, body }: RawAnswer): unknown {
  expect(headers['content-type']).toMatch(/^application\/json/);
  return JSON.parse(body);
}

const TEXT = expect.stringMatching(/\w+ \w+/) as string;
const RESON8_400 = { code: 'INVALID_REQUEST', message: TEXT };
const RESON8_404 = { code: 'NOT_FOUND', message: 'Not Found' };
const SCRIPTIX_400 = { detail: TEXT };

describe('an upgrade', () => {
  it.each([
    '/',
    '/nothing/here',
    '/v2',
    '/v2/',
    '/v2/realtime/',
    '//v2/realtime?token=some-token',
    '/v2//realtime?token=some-token',
    '/v2/../v2/realtime?token=some-token',
    '/v2/%72ealtime%2F?token=some-token',
    '/V2/REALTIME?token=some-token',
    '/v2/client/a/b?url=http://localhost/a.mp3',
    `${REALTIME}/`,
    `/..${REALTIME}`,
    `${REALTIME};a=b`,
    `${REALTIME}%00`,
    '/%',
    '/%zz%',
    '/%c3%28',
    '/api/v4/realtime/status',
    '/__proto__',
    '/constructor',
  ])('to %s is answered with 404', async (target) => {
    const answer = await ask(request(target, KEY));
    expect(answer.status).toBe(404);
    expect(bodyOf(answer)).toEqual(target.startsWith('/v1/') ? RESON8_404 : { detail: 'Not Found' });
  });

  it.each(['*', 'http://localhost/v2/realtime?token=some-token', 'v2/realtime?token=some-token'])(
    'to the target %s is answered with 400',
    async (target) => {
      expect((await ask(request(target))).status).toBe(400);
    },
  );

  it.each([
    { what: 'a key that is too short', headers: { 'Sec-WebSocket-Key': 'c2hvcnQ=' } },
    { what: 'a key that is not base64', headers: { 'Sec-WebSocket-Key': '!!!!!!!!!!!!!!!!!!!!!!==' } },
    { what: 'no key', headers: { 'Sec-WebSocket-Key': '' } },
    { what: 'an old version', headers: { 'Sec-WebSocket-Version': '7' } },
    { what: 'a future version', headers: { 'Sec-WebSocket-Version': '14' } },
    { what: 'a version that is not a number', headers: { 'Sec-WebSocket-Version': 'thirteen' } },
    { what: 'no version', headers: { 'Sec-WebSocket-Version': '' } },
    { what: 'another method', headers: {}, method: 'POST' },
    { what: 'an empty subprotocol', headers: { 'Sec-WebSocket-Protocol': 'bearer,,some-token' } },
    { what: 'a subprotocol with a space', headers: { 'Sec-WebSocket-Protocol': 'bearer, some token' } },
    { what: 'the same subprotocol twice', headers: { 'Sec-WebSocket-Protocol': 'bearer, bearer' } },
  ])('with $what is refused in the form of its vendor', async ({ headers, method }) => {
    const [reson8, scriptix] = await Promise.all([
      ask(request(REALTIME, { ...KEY, ...headers }, method)),
      ask(request(MICROPHONE, headers, method)),
    ]);

    expect([reson8.status, scriptix.status]).toEqual([400, 400]);
    expect(bodyOf(reson8)).toEqual(RESON8_400);
    expect(bodyOf(scriptix)).toEqual(SCRIPTIX_400);
  });

  it.each([
    { what: 'without a token', target: '/v2/realtime', status: 401 },
    { what: 'with an empty token', target: '/v2/realtime?token=', status: 401 },
    { what: 'with a token that is not valid', target: '/v2/realtime?token=invalid-key', status: 401 },
    { what: 'with a token that has expired', target: '/v2/realtime?token=expired-key', status: 401 },
    { what: 'with an unknown type', target: `${MICROPHONE}&type=slow`, status: 400 },
    {
      what: 'with the name of an object property as its type',
      target: `${MICROPHONE}&type=constructor`,
      status: 400,
    },
    { what: 'without credentials', target: REALTIME, status: 401 },
    { what: 'with a bad parameter', target: `${REALTIME}?channels=many`, headers: KEY, status: 400 },
    {
      what: 'with the name of an object property as its encoding',
      target: `${REALTIME}?encoding=__proto__`,
      headers: KEY,
      status: 400,
    },
  ])('$what is refused', async ({ target, headers = {}, status }) => {
    const answer = await ask(request(target, headers));
    expect(answer.status).toBe(status);

    const name = status === 401 ? 'UNAUTHORIZED' : 'INVALID_REQUEST';
    const detail = status === 401 ? 'Not authenticated' : TEXT;
    expect(bodyOf(answer)).toEqual(target.startsWith(REALTIME) ? { code: name, message: TEXT } : { detail });
  });

  it.each([
    {
      what: 'names of object properties',
      target: `${REALTIME}?__proto__=x&constructor=y&toString=z&hasOwnProperty=`,
    },
    { what: 'broken escapes', target: `${REALTIME}?%zz=%&&=&a=%c3%28&%00` },
    { what: 'three thousand parameters', target: `${REALTIME}?${'a=b&'.repeat(3000)}` },
    { what: 'odd bytes in a header', target: REALTIME, headers: { 'X-Odd': 'caf\u00e9 \u0080\u00ff\t' } },
    { what: 'odd bytes in the key', target: REALTIME, headers: { Authorization: 'ApiKey caf\u00e9' } },
    {
      what: 'unknown extensions',
      target: REALTIME,
      headers: { 'Sec-WebSocket-Extensions': ';;=,' },
    },
    { what: 'control characters in the language', target: `${MICROPHONE}&language=%1b%5B2J%00%0a` },
    { what: 'a language from an object', target: `${MICROPHONE}&language=__proto__` },
    { what: 'a language of 10 kB', target: `${MICROPHONE}&language=${'x'.repeat(10_000)}` },
  ])('with $what is accepted', async ({ target, headers = {} }) => {
    await using client = await connectRaw(fake.urls.url);
    client.write(request(target, { ...KEY, ...headers }));
    expect((await client.answer()).status).toBe(101);
  });

  it('longer than 16 kB is answered with 431', async () => {
    expect((await ask(request(`${REALTIME}?custom_model_id=${'x'.repeat(17_000)}`, KEY))).status).toBe(431);
    expect((await ask(request(REALTIME, { ...KEY, 'X-Long': 'x'.repeat(17_000) }))).status).toBe(431);
  });

  it('beyond the maximum number of sessions is refused; once one has ended, the next is accepted', async () => {
    await using small = await startMockServer({ maxSessions: 1 });
    const endpoint = small.urls.reson8.realtime;
    const first = await openRaw(endpoint, KEY);
    const refusals = await Promise.all(
      [upgradeRequest(endpoint, KEY), upgradeRequest(`${small.urls.scriptix.realtime}?token=t`)].map(
        async (text) => {
          await using client = await connectRaw(small.urls.url);
          client.write(text);
          return await client.answer();
        },
      ),
    );

    expect(refusals.map(({ status }) => status)).toEqual([429, 503]);

    for (const refusal of refusals) bodyOf(refusal);
    const session = await small.nextSession();
    first.reset();
    await session.received('close');
    await using second = await openRaw(endpoint, KEY);

    expect(second.bytes).toHaveLength(0);
  });

  it('never shows a key in an event or an answer', async () => {
    const answers = await Promise.all([
      ask(request('/v2/realtime?token=expired-key&type=x')),
      ask(request(`${REALTIME}?encoding=x&token=sesame`, { Authorization: 'ApiKey sesame' })),
      ask(request('/nothing?token=sesame', { 'x-api-key': 'sesame' })),
      ask(request(REALTIME, { Authorization: 'Basic sesame' })),
    ]);
    expect(JSON.stringify([events, answers])).not.toMatch(/sesame|expired-key/);
  });
});

describe('bytes', () => {
  it.each([
    { what: 'of a TLS hello', bytes: Buffer.from('16030102000100', 'hex') },
    { what: 'of HTTP/2', bytes: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n' },
    { what: 'of a WebSocket frame', bytes: Buffer.from('8185000000007b7d0d0a0d0a', 'hex') },
    {
      what: 'with a control character in a header',
      bytes: 'GET / HTTP/1.1\r\nHost: x\r\nA: b\u0001c\r\n\r\n',
    },
    { what: 'with a header without a colon', bytes: 'GET / HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n' },
    { what: 'that are all zero', bytes: new Uint8Array(4096) },
  ])('$what are answered with 400', async ({ bytes }) => {
    expect((await ask(bytes)).status).toBe(400);
  });

  it('that never arrive are answered with 408 after the time-out for headers', async () => {
    expect((await ask('')).status).toBe(408);
  });

  it('that arrive slowly do not extend the time-out for headers: 408', async () => {
    await using client = await connectRaw(fake.urls.url);
    client.write('GET /v2/realtime?token=t HTTP/1.1\r\n');
    const trickle = setInterval(() => client.write('X: y\r\n'), 20);
    try {
      expect((await client.answer()).status).toBe(408);
    } finally {
      clearInterval(trickle);
    }
  });

  it.each([
    {
      what: 'before they are an upgrade',
      bytes: upgradeRequest('http://localhost/v2/realtime?token=t').slice(0, 60),
    },
    { what: 'right after the upgrade', bytes: upgradeRequest('http://localhost/v2/realtime?token=t') },
    { what: 'right after an upgrade that is refused', bytes: upgradeRequest('http://localhost/v2/realtime') },
    { what: 'right after a request', bytes: 'GET /api/v4/realtime/status HTTP/1.1\r\nHost: x\r\n\r\n' },
  ])('that end $what, with a FIN or a RST, do no harm', async ({ bytes }) => {
    for (let i = 0; i < 10; i++) {
      const reset = await connectRaw(fake.urls.url);
      reset.socket.write(bytes, () => reset.reset());
      const half = await connectRaw(fake.urls.url, { allowHalfOpen: true });
      half.socket.end(bytes);
      await Promise.all([reset.ended, half.ended]);
      half.reset();
    }
  });
});

describe('a request without an upgrade', () => {
  it.each([
    { target: REALTIME, body: RESON8_400 },
    { target: MICROPHONE, body: SCRIPTIX_400 },
    { target: '/v2/client/token?url=http://localhost/a.mp3', body: SCRIPTIX_400 },
  ])('to $target is answered with 426 and Upgrade: websocket', async ({ target, body }) => {
    const answer = await ask(request(target, { ...KEY, Upgrade: '', Connection: 'close' }));

    expect(answer.status).toBe(426);
    expect(answer.headers['upgrade']).toBe('websocket');
    expect(bodyOf(answer)).toEqual(body);
  });

  it.each(['/v1/', '/v1/nothing', '/v1/speech-to-text/batches', '/v1/%zz'])(
    'to %s is answered with 404 in the form of Reson8, and its event has the path',
    async (target) => {
      const answer = await ask(
        request(`${target}?token=s3cret-1`, { Upgrade: '', Connection: 'close' }, 'POST'),
      );

      expect(answer.status).toBe(404);
      expect(bodyOf(answer)).toEqual(RESON8_404);
      expect(events.at(-1)).toEqual({ event: 'not-found', method: 'POST', path: target });
    },
  );

  it.each(['/', '/nothing', '/%', '/%zz', '//', '/..%2f', '/__proto__', '/api/v4/realtime/status/x'])(
    'to %s is answered with 404',
    async (target) => {
      const answer = await ask(request(target, { Upgrade: '', Connection: 'close' }));
      expect(answer.status).toBe(404);
      expect(bodyOf(answer)).toEqual({ detail: 'Not Found' });
    },
  );
});
