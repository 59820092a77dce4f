import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMockServer } from '../../../../src/mock-server/server.ts';
import type { MockServer } from '../../../../src/mock-server/mock-server.ts';
import { INCLUDE_FLAGS } from '../../../../src/protocol/reson8/handshake.ts';
import { silence } from '../../../support/audio.ts';
import { connect } from '../../../support/clients/client.ts';
import { connectRaw, frame, OPCODE, openRaw, upgradeRequest } from '../../../support/clients/raw.ts';
import { confirmation, dial, EVERYTHING, flush, KEY, recognise } from '../../../support/reson8.ts';

let fake: MockServer;
let endpoint: string;
beforeAll(async () => {
  fake = await startMockServer();
  endpoint = fake.urls.reson8.realtime;
});
afterAll(() => fake.stop());

describe('credentials', () => {
  it.each([
    { form: 'an API key', headers: { Authorization: 'ApiKey some-key' } },
    { form: 'an access token', headers: { Authorization: 'Bearer some-token' } },
    { form: 'a scheme in small letters', headers: { Authorization: 'bearer some-token' } },
    { form: 'a scheme in capitals', headers: { Authorization: 'APIKEY some-key' } },
  ])('$form in a header opens a session without a subprotocol', async ({ headers }) => {
    await using client = dial(endpoint, '', headers);
    await client.open;
    expect(client.headers).not.toHaveProperty('sec-websocket-protocol');

    flush(client, 'a');
    expect((await confirmation(client)).json).toEqual({ type: 'flush_confirmation', id: 'a' });
  });

  it('a token that is offered as a subprotocol, as by a browser, opens a session', async () => {
    await using client = connect(endpoint, { protocols: ['bearer', 'some-token'] });
    await client.open;
    expect(client.protocol).toBe('bearer');

    flush(client, 'a');
    expect((await confirmation(client)).json).toEqual({ type: 'flush_confirmation', id: 'a' });
  });

  it.each(['bearer,some-token', 'bearer, some-token', 'bearer ,some-token', 'bearer,  some-token'])(
    'the subprotocols "%s" are answered with bearer, not with the token',
    async (offer) => {
      await using client = await connectRaw(fake.urls.url);
      client.write(upgradeRequest(endpoint, { 'Sec-WebSocket-Protocol': offer }));
      const { status, headers } = await client.answer();

      expect({ status, protocol: headers['sec-websocket-protocol'] }).toEqual({
        status: 101,
        protocol: 'bearer',
      });
    },
  );

  it('a subprotocol is selected even if there is a key in a header, because clients fail without an answer to their offer', async () => {
    await using client = connect(endpoint, { headers: KEY, protocols: ['bearer', 'some-token'] });
    await client.open;
    expect(client.protocol).toBe('bearer');
  });

  it('subprotocols may each have a header of their own', async () => {
    await using client = await connectRaw(fake.urls.url);
    const offers = '\r\nSec-WebSocket-Protocol: bearer\r\nSec-WebSocket-Protocol: some-token\r\n\r\n';
    client.write(upgradeRequest(endpoint).replace(/\r\n\r\n$/, offers));
    const { status, headers } = await client.answer();

    expect([status, headers['sec-websocket-protocol']]).toEqual([101, 'bearer']);
  });

  it.each([
    { what: 'none', headers: {} },
    { what: 'the built-in key that is not valid', headers: { Authorization: 'ApiKey invalid-key' } },
    { what: 'the built-in key that has expired', headers: { Authorization: 'Bearer expired-key' } },
    { what: 'another scheme', headers: { Authorization: 'Basic c29tZTprZXk=' } },
    { what: 'a scheme without a key', headers: { Authorization: 'ApiKey' } },
    { what: 'a key without a scheme', headers: { Authorization: 'some-key' } },
    { what: 'a token in the query', headers: {}, query: 'token=some-token' },
    { what: 'a header of the other vendor', headers: { 'x-api-key': 'some-key' } },
    { what: 'a subprotocol without a token', headers: {}, protocols: ['bearer'] },
    { what: 'a subprotocol with a bad token', headers: {}, protocols: ['bearer', 'expired-key'] },
    { what: 'another subprotocol', headers: {}, protocols: ['token', 'some-token'] },
    { what: 'a token before the subprotocol', headers: {}, protocols: ['some-token', 'bearer'] },
  ])('$what is refused with 401', async ({ headers, query = '', protocols = [] }) => {
    await using client = connect(`${endpoint}?${query}`, { headers, protocols });
    const { status, body, headers: answered } = await client.refused;

    expect(status).toBe(401);
    expect(answered['content-type']).toMatch(/^application\/json/);
    expect(JSON.parse(body)).toEqual({ code: 'UNAUTHORIZED', message: expect.any(String) as string });
    expect(body).not.toMatch(/some-|-key/);
  });

  it('configured keys are the only ones that open a session, unless they have expired', async () => {
    await using strict = await startMockServer({ keys: ['good', 'plain:user', 'old:expired'] });
    const statusOf = async (key: string) => {
      await using client = connect(strict.urls.reson8.realtime, {
        headers: { Authorization: `ApiKey ${key}` },
      });
      return await Promise.any([client.open.then(() => 101), client.refused.then(({ status }) => status)]);
    };
    const statuses = await Promise.all(['good', 'plain', 'old', 'other', 'GOOD'].map(statusOf));

    expect(statuses).toEqual([101, 101, 401, 401, 401]);
  });
});

describe('query parameters', () => {
  it.each([
    '',
    'encoding=auto',
    'encoding=pcm_s16le',
    'encoding=pcm%5Fs16le&sample_rate=8000&channels=2',
    'sample_rate=16000',
    'sample_rate=22050.5',
    'channels=1',
    'channels=10',
    'custom_model_id=',
    'include_timestamps=false&include_words=false&include_confidence=false&include_interim=false',
    EVERYTHING,
    'unknown=parameter&language=en,nl',
  ])('"%s" opens a session', async (query) => {
    expect(await recognise(endpoint, query, silence(100))).toEqual([
      { type: 'flush_confirmation', id: 'end' },
    ]);
  });

  it.each([
    ...['', 'AUTO', 'pcm', 'pcm_s16be', 'wav', 'auto,pcm_s16le'].map((value) => ['encoding', value]),
    ...['', '0', '-16000', '16k', 'NaN', 'Infinity', '-0', '0x3e80', '16000Hz', '٣', '9'.repeat(400)].map(
      (value) => ['sample_rate', value],
    ),
    ...['', '0', '-1', '1.5', 'mono', 'NaN', '1,2', '9'.repeat(400)].map((value) => ['channels', value]),
    ...INCLUDE_FLAGS.flatMap((flag) =>
      ['', '1', 'yes', 'on', 'null', 'True', 'true '].map((value) => [flag, value]),
    ),
  ])('%s="%s" is refused with 400', async (name, value) => {
    await using client = dial(
      endpoint,
      `${EVERYTHING.replace(`${name}=true`, '')}&${name}=${encodeURIComponent(value)}`,
    );
    const { status, body, headers } = await client.refused;

    expect(status).toBe(400);
    expect(headers['content-type']).toMatch(/^application\/json/);
    expect(JSON.parse(body)).toEqual({
      code: 'INVALID_REQUEST',
      message: expect.stringContaining(name) as string,
    });
    expect(body.length).toBeLessThan(500);
  });
});

describe('the connection', () => {
  it('receives nothing at first: the 101 says that the server is ready', async () => {
    await using client = dial(endpoint, EVERYTHING);
    await client.open;
    await client.settled();

    expect(client.values).toEqual([]);
  });

  it.each([
    { sent: 1000, reason: 'bye' },
    { sent: 1001, reason: '' },
    { sent: 3000, reason: '' },
    { sent: 4999, reason: 'own' },
  ])('has its Close $sent answered with the same code', async ({ sent, reason }) => {
    await using client = dial(endpoint);
    await client.open;
    client.close(sent, reason);

    expect((await client.closed).code).toBe(sent);
  });

  it('has a Ping answered with its payload, even in the middle of a message', async () => {
    await using client = await openRaw(endpoint, KEY);
    client.write(frame(OPCODE.text, '{"type":"flush_', { fin: false }));
    client.write(frame(OPCODE.ping, 'are you there'));
    client.write(frame(OPCODE.continuation, 'request","id":"x"}'));

    expect(await client.nextFrame()).toMatchObject({
      opcode: OPCODE.pong,
      payload: Buffer.from('are you there'),
    });

    const { fin, opcode, masked, payload } = await client.nextFrame();
    expect({ fin, opcode, masked, text: payload.toString() }).toEqual({
      fin: true,
      opcode: OPCODE.text,
      masked: false,
      text: '{"type":"flush_confirmation","id":"x"}',
    });
  });

  it('loses nothing that a client sends together with its upgrade, before the answer', async () => {
    await using client = await connectRaw(fake.urls.url);
    const early = frame(OPCODE.text, '{"type":"flush_request","id":"early"}');
    client.write(Buffer.concat([Buffer.from(upgradeRequest(endpoint, KEY)), early]));

    expect((await client.answer()).status).toBe(101);
    expect((await client.nextFrame()).payload.toString()).toBe('{"type":"flush_confirmation","id":"early"}');
  });

  it('may have been used for HTTP before', async () => {
    await using client = await connectRaw(fake.urls.url);
    client.write('GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect((await client.answer()).status).toBe(404);

    client.write(
      upgradeRequest(endpoint, { ...KEY, Connection: 'keep-alive, Upgrade', Upgrade: 'WebSocket' }),
    );
    expect((await client.answer()).status).toBe(101);

    client.write(frame(OPCODE.text, '{"type":"flush_request","id":"x"}'));
    expect((await client.nextFrame()).payload.toString()).toBe('{"type":"flush_confirmation","id":"x"}');
  });
});
