import { describe, expect, it } from 'vitest';
import { startMockServer } from '../../../src/mock-server/server.ts';
import { connectRaw, frame, OPCODE, requestText, upgradeRequest } from '../../support/clients/raw.ts';
import { record } from '../../record/recorder.ts';

// A client that offers HTTP/2 with a plain request, as curl --http2 and Java do, was answered with 404; a list with
// websocket in it was refused at the path of a WebSocket; and a WebSocket that was asked for behind a request that had no
// answer yet got that answer in the middle of its messages.

const KEY = { 'x-zoom-s2t-key': 'any' };
const MICROPHONE = '/v2/realtime?token=any';
const OFFERS = ['h2c', 'TLS/1.2', 'h2c, websocket', 'anything'];

/** A request that would like to go on in another protocol. */
function offering(method: string, target: string, upgrade: string, body = ''): string {
  const length = body === '' ? {} : { 'Content-Length': String(body.length) };
  const head = requestText(method, target, {
    Host: 'localhost',
    Connection: 'Upgrade',
    Upgrade: upgrade,
    ...KEY,
    ...length,
  });
  return head + body;
}

/** The fake, and the fake behind a recorder. */
async function reached(how: 'directly' | 'through a recorder') {
  const fake = await startMockServer();
  const recorder = how === 'directly' ? undefined : await record(fake.urls.url.replace('http', 'ws'));
  return {
    fake,
    recorder,
    url: recorder?.url ?? fake.urls.url,
    async [Symbol.asyncDispose]() {
      await recorder?.[Symbol.asyncDispose]();
      await fake.stop();
    },
  };
}

describe.each(['directly', 'through a recorder'] as const)('%s', (how) => {
  it.each(OFFERS)('a plain request that offers %s as well gets its answer', async (offer) => {
    await using to = await reached(how);
    await using client = await connectRaw(to.url);
    const body = '{"anything":"that means nothing"}';
    client.write(offering('POST', '/api/v4/realtime/initialize', offer, body));

    expect(await client.answer()).toMatchObject({ status: 200 });

    client.write(offering('GET', '/api/v4/realtime/status', offer));
    const { status, body: said } = await client.answer();
    expect([status, JSON.parse(said)]).toEqual([200, expect.objectContaining({ status: 'ready' })]);

    client.write(offering('GET', '/__understudy/health', offer));
    expect((await client.answer()).status).toBe(200);
  });

  it('where a WebSocket is, any other protocol is a plain request', async () => {
    await using to = await reached(how);
    for (const [method, offer] of [
      ['GET', 'h2c'],
      ['POST', 'h2c'],
      ['GET', 'TLS/1.3, h2c'],
    ] as const) {
      await using client = await connectRaw(to.url);
      client.write(offering(method, MICROPHONE, offer));
      expect(await client.answer()).toMatchObject({ status: 426, headers: { upgrade: 'websocket' } });
    }
  });

  // It was answered with 101, in a version of HTTP that has no such status.
  it('an offer in HTTP/1.0 is a plain request', async () => {
    await using to = await reached(how);
    await using client = await connectRaw(to.url);
    client.write(upgradeRequest(`${to.url}${MICROPHONE}`).replace('HTTP/1.1', 'HTTP/1.0'));

    expect(await client.answer()).toMatchObject({ status: 426 });
  });

  // The recorder left the offer out, so that the service was asked for something else than its client had asked for.
  it('a handshake with another method than GET is told that it is none (RFC 6455, 4.2)', async () => {
    await using to = await reached(how);
    await using client = await connectRaw(to.url);
    client.write(upgradeRequest(`${to.url}${MICROPHONE}`).replace('GET', 'POST'));

    expect(await client.answer()).toMatchObject({
      status: 400,
      body: expect.stringContaining('method') as string,
    });
  });

  it.each(['h2c, websocket', 'websocket, h2c', 'TLS/1.2,h2c,WebSocket'])(
    'a WebSocket is taken from the offer %s',
    async (offer) => {
      await using to = await reached(how);
      await using client = await connectRaw(to.url);
      client.write(upgradeRequest(`${to.url}${MICROPHONE}`, { Upgrade: offer }));

      expect(await client.answer()).toMatchObject({ status: 101, headers: { upgrade: 'websocket' } });

      client.write(frame(OPCODE.text, '{"action":"start"}'));
      expect((await client.nextFrame()).payload.toString()).toBe('{"state":"loading"}');
    },
  );

  it('what is asked before a WebSocket is answered before it, and what is said behind it is heard', async () => {
    await using to = await reached(how);
    await using client = await connectRaw(to.url);
    const status = requestText('GET', '/api/v4/realtime/status', { Host: 'localhost', ...KEY });
    client.write(
      Buffer.concat([
        Buffer.from(status + offering('POST', '/api/v4/realtime/initialize', 'h2c', '{}')),
        Buffer.from(requestText('GET', '/nothing', { Host: 'localhost' })),
        Buffer.from(upgradeRequest(`${to.url}${MICROPHONE}`)),
        frame(OPCODE.text, '{"action":"start"}'),
        frame(OPCODE.binary, new Uint8Array(640)),
        frame(OPCODE.text, '{"action":"stop"}'),
      ]),
    );
    const statuses = [];
    for (let i = 0; i < 4; i++) statuses.push((await client.answer()).status);

    expect(statuses).toEqual([200, 200, 404, 101]);

    const said = [];
    for (let i = 0; i < 3; i++) said.push((await client.nextFrame()).payload.toString());
    expect(said).toEqual(['{"state":"loading"}', '{"state":"listening"}', '{"state":"stopped"}']);
  });
});

it('what offers a WebSocket where none is, and without what it takes, is a plain request', async () => {
  await using to = await reached('directly');
  await using client = await connectRaw(to.url);
  client.write(offering('GET', '/api/v4/realtime/status', 'websocket'));

  expect(await client.answer()).toMatchObject({ status: 200 });
});

it('a recorder writes a plain request down as one, with its body and its answer', async () => {
  await using to = await reached('through a recorder');
  await using client = await connectRaw(to.url);
  client.write(offering('POST', '/api/v4/realtime/initialize', 'h2c', '{"a":1}'));
  await client.answer();
  const events = await to.recorder?.until(({ kind }) => kind === 'response');

  expect(events?.map(({ kind }) => kind)).toEqual(['request', 'response']);
  expect(events?.[0]).toMatchObject({
    method: 'POST',
    target: '/api/v4/realtime/initialize',
    body: '{"a":1}',
  });
  expect(events?.[1]).toMatchObject({ status: 200 });
});

it('the fake remembers a plain request with what it offered', async () => {
  await using to = await reached('directly');
  await using client = await connectRaw(to.url);
  client.write(offering('GET', '/api/v4/realtime/status', 'h2c'));
  await client.answer();

  expect(to.fake.journal.events('h1')).toMatchObject([
    { kind: 'request', method: 'GET', headers: { Upgrade: 'h2c' } },
    { kind: 'response', status: 200 },
  ]);
});
