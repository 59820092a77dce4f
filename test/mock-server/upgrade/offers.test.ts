import { describe, expect, it } from 'vitest';
import { startMockServer } from '../../../src/mock-server/server.ts';
import { connectRaw, frame, OPCODE, requestText, upgradeRequest } from '../../support/clients/raw.ts';
import { record } from '../../record/recorder.ts';

// A plain request that offers HTTP/2, as curl --http2 and Java send, used to be answered with 404. A list that includes
// websocket was refused at the path of a WebSocket. A WebSocket that was requested before an earlier request was answered
// got that answer in the middle of its messages.

const KEY = { 'x-zoom-s2t-key': 'any' };
const MICROPHONE = '/v2/realtime?token=any';
const OFFERS = ['h2c', 'TLS/1.2', 'h2c, websocket', 'anything'];

/** A request that offers to continue in another protocol. */
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
  it.each(OFFERS)('a plain request that offers %s gets its answer', async (offer) => {
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

  it('a request for another protocol at the path of a WebSocket is answered with 426', async () => {
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

  // It used to be answered with 101, which HTTP/1.0 does not have.
  it('an upgrade in HTTP/1.0 is answered with 426', async () => {
    await using to = await reached(how);
    await using client = await connectRaw(to.url);
    client.write(upgradeRequest(`${to.url}${MICROPHONE}`).replace('HTTP/1.1', 'HTTP/1.0'));

    expect(await client.answer()).toMatchObject({ status: 426 });
  });

  // The recorder used to drop the upgrade, so that the service got a different request than its client had sent.
  it('a handshake with another method than GET is refused with 400 (RFC 6455, 4.2)', async () => {
    await using to = await reached(how);
    await using client = await connectRaw(to.url);
    client.write(upgradeRequest(`${to.url}${MICROPHONE}`).replace('GET', 'POST'));

    expect(await client.answer()).toMatchObject({
      status: 400,
      body: expect.stringContaining('method') as string,
    });
  });

  it.each(['h2c, websocket', 'websocket, h2c', 'TLS/1.2,h2c,WebSocket'])(
    'a WebSocket is opened for the offer %s',
    async (offer) => {
      await using to = await reached(how);
      await using client = await connectRaw(to.url);
      client.write(upgradeRequest(`${to.url}${MICROPHONE}`, { Upgrade: offer }));

      expect(await client.answer()).toMatchObject({ status: 101, headers: { upgrade: 'websocket' } });

      client.write(frame(OPCODE.text, '{"action":"start"}'));
      expect((await client.nextFrame()).payload.toString()).toBe('{"state":"loading"}');
    },
  );

  it('requests before an upgrade on the same connection are answered first, and messages after it are heard', async () => {
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

it('an incomplete upgrade to a WebSocket at the path of a call is a plain request', async () => {
  await using to = await reached('directly');
  await using client = await connectRaw(to.url);
  client.write(offering('GET', '/api/v4/realtime/status', 'websocket'));

  expect(await client.answer()).toMatchObject({ status: 200 });
});

it('a recorder records a request that offers another protocol with its body and its answer', async () => {
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

it('the journal keeps a request with the protocol that it offered', async () => {
  await using to = await reached('directly');
  await using client = await connectRaw(to.url);
  client.write(offering('GET', '/api/v4/realtime/status', 'h2c'));
  await client.answer();

  expect(to.fake.journal.events('h1')).toMatchObject([
    { kind: 'request', method: 'GET', headers: { Upgrade: 'h2c' } },
    { kind: 'response', status: 200 },
  ]);
});
