import { createHash } from 'node:crypto';
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { startMockServer } from '../../src/mock-server/server.ts';
import type { TraceEvent } from '../../src/wire/trace.ts';
import { connect, type ConnectOptions } from '../support/clients/client.ts';
import { closeFrame, connectRaw, frame, OPCODE, openRaw, upgradeRequest } from '../support/clients/raw.ts';
import { freePort } from '../support/programs/free-port.ts';
import { record } from './recorder.ts';

const isEnd = ({ kind }: TraceEvent) => kind === 'end';
const kinds = (events: readonly TraceEvent[]) => events.map(({ kind }) => kind);

/** A server that does with an upgrade what a test wants. */
async function serviceOf(setUp: (server: Server) => void): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer();
  setUp(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A WebSocket service, and its side of the first connection. */
async function socketService(options: { readonly autoPong?: boolean } = {}) {
  const wss = new WebSocketServer({ noServer: true, handleProtocols: () => 'bearer', ...options });
  let seen: (met: { ws: WebSocket; request: IncomingMessage }) => void = () => undefined;
  const met = new Promise<{ ws: WebSocket; request: IncomingMessage }>((resolve) => (seen = resolve));
  const service = await serviceOf((server) => {
    server.on('upgrade', (request, socket, head) => {
      wss.handleUpgrade(request, socket, head, (ws) => {
        ws.on('error', () => undefined);
        seen({ ws, request });
      });
    });
  });
  return {
    url: service.url,
    met,
    async [Symbol.asyncDispose]() {
      for (const ws of wss.clients) ws.terminate();
      wss.close();
      await service[Symbol.asyncDispose]();
    },
  };
}

describe('a conversation with the fake through the recorder', () => {
  it.each<[name: string, target: string, options: ConnectOptions]>([
    ['token', '/v2/realtime?token=s3cret-1&type=fast&language=en', {}],
    ['x-zoom-s2t-key', '/v2/realtime', { headers: { 'x-zoom-s2t-key': 's3cret-1' } }],
    ['x-api-key', '/v2/realtime', { headers: { 'x-api-key': 's3cret-1' } }],
    ['api-key', '/v2/realtime', { headers: { 'api-key': 's3cret-1' } }],
  ])('of Scriptix is recorded, with its key in %s redacted', async (_name, target, options) => {
    await using fake = await startMockServer({ keys: ['s3cret-1'] });
    await using recorder = await record(fake.urls.url.replace('http', 'ws'));
    await using client = connect(recorder.url + target, options);
    await client.open;
    client.send({ action: 'start' });
    await client.next(({ text }) => text === '{"state":"listening"}');
    client.send(new Uint8Array(3200));
    client.send({ action: 'stop' });

    expect((await client.closed).code).toBe(1000);

    const events = await recorder.until(isEnd);
    const expected = target.replace('s3cret-1', 'redacted-1');
    expect(events[0]).toMatchObject({ session: 's1', kind: 'request', method: 'GET', target: expected });
    expect(events[1]).toMatchObject({ kind: 'response', status: 101, headers: { upgrade: 'websocket' } });
    expect(events.filter(({ kind }) => kind === 'text' || kind === 'binary')).toMatchObject([
      { from: 'client', text: '{"action":"start"}' },
      { from: 'server', text: '{"state":"loading"}' },
      { from: 'server', text: '{"state":"listening"}' },
      { from: 'client', byteCount: 3200, sha256: sha256(new Uint8Array(3200)) },
      { from: 'client', text: '{"action":"stop"}' },
      { from: 'server', text: '{"state":"stopped"}' },
    ]);
    expect(events.slice(-3)).toMatchObject([
      { kind: 'close', from: 'server', code: 1000 },
      { kind: 'close', from: 'client', code: 1000 },
      { kind: 'end', by: 'server', how: 'close', code: 1000 },
    ]);
    expect(recorder.text).not.toContain('s3cret-1');
  });

  it.each<[name: string, options: ConnectOptions, recorded: Record<string, string>]>([
    [
      'an ApiKey header',
      { headers: { authorization: 'ApiKey s3cret-1' } },
      { authorization: 'ApiKey redacted-1' },
    ],
    [
      'a Bearer header',
      { headers: { authorization: 'Bearer s3cret-1' } },
      { authorization: 'Bearer redacted-1' },
    ],
    [
      'a subprotocol',
      { protocols: ['bearer', 's3cret-1'] },
      { 'sec-websocket-protocol': 'bearer,redacted-1' },
    ],
  ])('of Reson8 is recorded, with its key in %s redacted', async (_name, options, recorded) => {
    await using fake = await startMockServer({ keys: ['s3cret-1'] });
    await using recorder = await record(fake.urls.url);
    await using client = connect(`${recorder.url}/v1/speech-to-text/realtime`, options);
    await client.open;

    expect(client.protocol).toBe(options.protocols === undefined ? '' : 'bearer');

    client.send({ type: 'flush_request', id: 'end' });
    await client.next(({ text }) => text.includes('flush_confirmation'));
    client.close(1000, 'done');
    await client.closed;
    const events = await recorder.until(isEnd);

    expect(events[0]).toMatchObject({ headers: recorded });
    expect(events.at(-1)).toMatchObject({ kind: 'end', by: 'client', how: 'close', code: 1000 });
    expect(recorder.text).not.toContain('s3cret-1');
  });

  it('that the fake refuses is refused by the recorder in the same way', async () => {
    await using fake = await startMockServer({ keys: ['other-key'] });
    await using recorder = await record(fake.urls.url);
    await using direct = connect(`${fake.urls.scriptix.realtime}?token=s3cret-1`);
    await using client = connect(`${recorder.url}/v2/realtime?token=s3cret-1`);
    const { status, headers, body } = await client.refused;
    const expected = await direct.refused;

    expect({ status, body }).toEqual({ status: expected.status, body: expected.body });
    expect(headers['content-type']).toBe(expected.headers['content-type']);

    const events = await recorder.until(isEnd);
    expect(events.slice(1)).toMatchObject([
      { kind: 'response', status: 401, body: '{"detail":"Not authenticated"}' },
      { kind: 'end', by: 'server', how: 'refused', code: 1006 },
    ]);
  });

  it('by calls of its REST API is recorded, each request as a session', async () => {
    await using fake = await startMockServer();
    await using recorder = await record(fake.urls.url);
    const api = `${recorder.url.replace('ws', 'http')}/api/v4/realtime`;
    const status = await fetch(`${api}/status`, { headers: { 'x-zoom-s2t-key': 's3cret-1' } });

    expect(await status.json()).toMatchObject({ ready: true });

    const initialize = await fetch(`${api}/initialize`, {
      method: 'POST',
      headers: { 'x-zoom-s2t-key': 's3cret-1' },
    });
    expect(initialize.status).toBe(200);

    const events = await recorder.until(({ session, kind }) => session === 's2' && kind === 'response');
    expect(events).toMatchObject([
      { session: 's1', kind: 'request', method: 'GET', target: '/api/v4/realtime/status' },
      { session: 's1', kind: 'response', status: 200 },
      { session: 's2', kind: 'request', method: 'POST', headers: { 'x-zoom-s2t-key': 'redacted-1' } },
      { session: 's2', kind: 'response', status: 200 },
    ]);
    expect(recorder.text).not.toContain('s3cret-1');
  });
});

describe('an answer that says where to connect', () => {
  const STATUS = '/api/v4/realtime/status';
  const said = (endpoint: string) => `{ "ready":true,  "endpoint": "${endpoint}", "more": 1.0 }`;

  /** A service whose answers to `GET status` are as the test says. */
  const answering = (answer: (url: string) => string | Buffer, headers: Record<string, string> = {}) =>
    serviceOf((server) => {
      server.on('request', (request, response) => {
        const body = answer(`ws://${String(request.headers.host)}`);
        response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(body);
      });
    });

  // A client that asked first went past the recorder, which then had nothing of its session.
  it('leads to the recorder, and the trace has the address that the service gave', async () => {
    await using fake = await startMockServer();
    await using recorder = await record(fake.urls.url);
    const key = { 'x-zoom-s2t-key': 'any' };
    const response = await fetch(`${recorder.url.replace('ws', 'http')}${STATUS}`, { headers: key });
    const { endpoint } = (await response.json()) as { endpoint: string };

    expect(endpoint).toBe(`${recorder.url}/v2/realtime`);

    await using client = connect(`${endpoint}?token=any`);
    await client.open;
    client.send({ action: 'start' });
    await client.next(({ json }) => (json as { state?: string }).state === 'listening', 'listening');
    const events = await recorder.until(({ session, kind }) => session === 's2' && kind === 'text');
    expect(events[1]).toMatchObject({
      kind: 'response',
      body: expect.stringContaining(fake.urls.scriptix.realtime) as string,
    });
  });

  it('changes in nothing but the address', async () => {
    await using service = await answering((url) => said(`${url}/v2/realtime?a=1`));
    await using recorder = await record(service.url);
    const response = await fetch(`${recorder.url.replace('ws', 'http')}${STATUS}`);

    expect(await response.text()).toBe(said(`${recorder.url}/v2/realtime?a=1`));
  });

  it('leads to the recorder also if it is compressed, or written with escapes', async () => {
    const escaped = (url: string) => said(`${url}/v2`).replaceAll('/', '\\/');
    await using service = await answering((url) => gzipSync(escaped(url)), { 'content-encoding': 'gzip' });
    await using recorder = await record(service.url);
    const response = await fetch(`${recorder.url.replace('ws', 'http')}${STATUS}`);

    expect(await response.json()).toEqual({ ready: true, endpoint: `${recorder.url}/v2`, more: 1 });
    const [, answer] = await recorder.until(({ kind }) => kind === 'response');
    expect(answer).toMatchObject({ body: escaped(service.url) });
  });

  it('stays as it is if it leads to another host, and the trace says so', async () => {
    const body = said('wss://other.example/v2/realtime');
    await using service = await answering(() => body);
    await using recorder = await record(service.url);
    const response = await fetch(`${recorder.url.replace('ws', 'http')}${STATUS}`);

    expect(await response.text()).toBe(body);
    const events = await recorder.until(({ kind }) => kind === 'note');
    expect(events.at(-1)).toMatchObject({
      message: expect.stringContaining('--upstream wss://other.example') as string,
    });
  });

  it.each<readonly [string, string]>([
    ['no JSON in it', 'ws://127.0.0.1'],
    ['JSON that is not an object', '["endpoint"]'],
    ['a number for an address', '{"endpoint":5}'],
    ['an address that is not of a WebSocket', '{"endpoint":"https://127.0.0.1/x"}'],
    ['more text than is searched', `{"endpoint":"wss://other.example/","more":"${'x'.repeat(2 ** 21)}"}`],
  ])('is passed on unchanged with %s', async (_, body) => {
    await using service = await answering(() => body);
    await using recorder = await record(service.url);
    const response = await fetch(`${recorder.url.replace('ws', 'http')}${STATUS}`);

    expect(await response.text()).toBe(body);
    await recorder.until(({ kind }) => kind === 'response');
    expect(recorder.events.some(({ kind }) => kind === 'note')).toBe(false);
  });

  it('that breaks off is passed on as far as it came', async () => {
    await using service = await serviceOf((server) => {
      server.on('request', (_request, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('{"endpoint":');
        setTimeout(() => response.destroy(), 50);
      });
    });
    await using recorder = await record(service.url);
    await using client = await connectRaw(recorder.url);
    client.write(`GET ${STATUS} HTTP/1.1\r\nHost: x\r\n\r\n`);

    expect(await client.answer()).toMatchObject({ isCut: true, body: '{"endpoint":' });
    await recorder.until(({ kind }) => kind === 'end');
  });
});

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}

/**
 * Resolves when the proxy has answered other requests for a while: by then it has read everything that it had received
 * before.
 */
async function answersOthers(url: string): Promise<void> {
  for (let count = 0; count < 20; count++) {
    await using other = await connectRaw(url);
    other.write('BROKEN\r\n\r\n');
    await other.answer();
  }
}

describe('the recorder passes on', () => {
  it('the head of the upgrade as it is, except for host and compression', async () => {
    await using service = await socketService();
    await using recorder = await record(service.url);
    const target = '/any//path;x?token=a%2Fb+c&url=http%3A%2F%2Fx&&=';
    await using client = await connectRaw(recorder.url);
    client.write(
      upgradeRequest(`${recorder.url}/x`, {
        'X-Own': 'a  b',
        'Sec-WebSocket-Protocol': 'bearer, s3cret-1',
        'Sec-WebSocket-Extensions': 'permessage-deflate',
        Authorization: 'ApiKey s3cret-2',
        Cookie: 'a=b',
      }).replace('GET /x ', `GET ${target} `),
    );

    expect(await client.answer()).toMatchObject({
      status: 101,
      headers: { 'sec-websocket-protocol': 'bearer' },
    });

    const { request } = await service.met;
    expect(request.url).toBe(target);
    expect(request.headers).toMatchObject({
      host: new URL(service.url).host,
      'x-own': 'a  b',
      'sec-websocket-protocol': 'bearer, s3cret-1',
      authorization: 'ApiKey s3cret-2',
      cookie: 'a=b',
    });
    expect(request.headers).not.toHaveProperty('sec-websocket-extensions');
  });

  it('every message unchanged, in both directions, also in fragments with pings between them', async () => {
    await using service = await socketService();
    await using recorder = await record(service.url, { keepAudio: true });
    await using client = await openRaw(`${recorder.url}/x`);
    const { ws } = await service.met;
    const heard: unknown[] = [];
    ws.on('message', (data: Buffer, isBinary) => heard.push(isBinary ? [...data] : data.toString()));
    ws.on('ping', (data) => heard.push(`ping ${String(data)}`));
    client.write(frame(OPCODE.text, 'in ', { fin: false }));
    client.write(frame(OPCODE.ping, 'p'));
    client.write(frame(OPCODE.continuation, 'pieces é'));
    client.write(frame(OPCODE.binary, Uint8Array.of(1, 2, 255)));

    expect(await client.nextFrame()).toMatchObject({ opcode: OPCODE.pong, payload: Buffer.from('p') });

    ws.send('from the server');
    expect(await client.nextFrame()).toMatchObject({
      opcode: OPCODE.text,
      payload: Buffer.from('from the server'),
    });

    ws.ping('q');
    expect(await client.nextFrame()).toMatchObject({ opcode: OPCODE.ping, payload: Buffer.from('q') });

    client.write(closeFrame(4321, 'enough'));
    await client.ended;
    const events = await recorder.until(isEnd);

    expect(heard).toEqual(['ping p', 'in pieces é', [1, 2, 255]]);
    expect(events.slice(2)).toMatchObject([
      { kind: 'ping', from: 'client', base64: 'cA==' },
      { kind: 'text', from: 'client', text: 'in pieces é' },
      { kind: 'binary', from: 'client', byteCount: 3, base64: 'AQL/' },
      { kind: 'pong', from: 'server', base64: 'cA==' },
      { kind: 'text', from: 'server', text: 'from the server' },
      { kind: 'ping', from: 'server', base64: 'cQ==' },
      { kind: 'close', from: 'client', code: 4321, reason: 'enough' },
      { kind: 'close', from: 'server', code: 4321 },
      { kind: 'end', by: 'client', how: 'close', code: 4321 },
    ]);
  });

  it('any messages as they are', async () => {
    await using service = await socketService();
    await using recorder = await record(service.url);
    await using client = connect(`${recorder.url}/x`);
    await client.open;
    const { ws } = await service.met;
    ws.on('message', (data, isBinary) => ws.send(data, { binary: isBinary }));
    const message = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.uint8Array({ maxLength: 70_000, size: 'max' }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 5 }), async (messages) => {
        for (const one of messages) client.socket.send(one, { binary: typeof one !== 'string' });
        for (const one of messages) {
          const { kind, bytes } = await client.next();
          expect(kind).toBe(typeof one === 'string' ? 'text' : 'binary');
          expect(Buffer.compare(bytes, Buffer.from(one as Uint8Array))).toBe(0);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('a reset as a reset and the end of a connection as its end, from either side', async () => {
    for (const by of ['client', 'server'] as const) {
      for (const how of ['fin', 'reset'] as const) {
        await using service = await socketService();
        await using recorder = await record(service.url);
        await using client = await openRaw(`${recorder.url}/x`);
        const { ws, request } = await service.met;
        if (by === 'client') {
          const gone = new Promise<string>((resolve) => {
            request.socket.on('error', () => resolve('reset'));
            request.socket.on('end', () => resolve('fin'));
          });
          if (how === 'reset') client.reset();
          else client.socket.end();
          expect(await gone).toBe(how);
        } else {
          if (how === 'reset') request.socket.resetAndDestroy();
          else ws.terminate();
          expect(await client.ended).toBe(how);
        }
        expect((await recorder.until(isEnd)).at(-1)).toMatchObject({ kind: 'end', by, how, code: 1006 });
      }
    }
  });

  it('bytes that are not a WebSocket frame, too, and says so in the trace', async () => {
    await using service = await socketService();
    await using recorder = await record(service.url);
    await using client = await openRaw(`${recorder.url}/x`);
    const { ws } = await service.met;
    const wrong = new Promise<Error>((resolve) => ws.on('error', resolve));
    client.write(frame(OPCODE.text, 'x', { masked: false }));

    expect((await wrong).message).toMatch(/MASK must be set/);

    const events = await recorder.until(isEnd);
    expect(events.slice(2)).toMatchObject([
      { kind: 'fault', from: 'client', message: 'Invalid WebSocket frame: MASK must be set' },
      { kind: 'close', from: 'server', code: 1002 },
      { kind: 'end', by: 'server', how: 'close', code: 1002 },
    ]);
  });

  it('no more than the other side takes, and reads no more', async () => {
    await using service = await socketService();
    await using recorder = await record(service.url);
    await using client = connect(`${recorder.url}/x`);
    await client.open;
    const { ws } = await service.met;
    ws.pause();
    const piece = new Uint8Array(2 ** 20);
    // Far more than all buffers on the way hold together.
    let written = 0;
    for (let count = 0; count < 64; count++) client.socket.send(piece, () => (written += 1));
    // The proxy answers others in the meantime; by then it has read everything that it will read.
    await answersOthers(recorder.url);

    expect(written).toBeLessThan(40);

    let heard = 0;
    const all = new Promise<void>((resolve) => ws.on('message', () => ++heard === 64 && resolve()));
    ws.resume();
    await all;

    expect(
      (await recorder.until((event) => event.kind === 'binary' && event.byteCount > 0)).length,
    ).toBeGreaterThan(2);
  });

  it('a request with a body, and an answer in chunks', async () => {
    await using service = await serviceOf((server) => {
      server.on('request', (request, response) => {
        response.writeHead(207, 'Many Things', {
          'X-Twice': ['a', 'b'],
          'Set-Cookie': ['id=s3cret-2', 'b=c'],
        });
        response.write(`${String(request.method)} ${String(request.url)} `);
        request.pipe(response);
      });
    });
    await using recorder = await record('ws://127.0.0.1:1', { apiUpstream: service.url });
    const response = await fetch(`${recorder.url.replace('ws', 'http')}/say?key=s3cret-1`, {
      method: 'PUT',
      body: '{"password":"s3cret-3","text":"hello"}',
    });

    expect(response.status).toBe(207);
    expect(response.statusText).toBe('Many Things');
    expect(response.headers.get('x-twice')).toBe('a, b');
    expect(await response.text()).toBe('PUT /say?key=s3cret-1 {"password":"s3cret-3","text":"hello"}');

    const [request, answer] = await recorder.until(({ kind }) => kind === 'response');
    expect(request).toMatchObject({
      target: '/say?key=redacted-1',
      body: '{"password":"redacted-2","text":"hello"}',
    });
    expect(answer).toMatchObject({
      status: 207,
      headers: { 'x-twice': 'a, b' },
      body: 'PUT /say?key=redacted-1 {"password":"redacted-2","text":"hello"}',
    });
    expect(recorder.text).not.toContain('s3cret');
  });
});

describe('a service that cannot be reached', () => {
  it('is reported with 502 and the reason, to an upgrade and to a request', async () => {
    const port = await freePort();
    await using recorder = await record(`ws://127.0.0.1:${port}`);
    await using client = connect(`${recorder.url}/v2/realtime?token=s3cret-1`);
    const expected = `Understudy got no answer from ws://127.0.0.1:${port}: nothing listens on 127.0.0.1:${port} (connect ECONNREFUSED 127.0.0.1:${port})`;
    const refused = await client.refused;

    expect(refused.status).toBe(502);
    expect(JSON.parse(refused.body)).toEqual({ detail: expected });

    const response = await fetch(`${recorder.url.replace('ws', 'http')}/x`, { method: 'POST', body: 'x' });
    expect(response.status).toBe(502);
    expect(await response.json()).toEqual({ detail: expected });

    const events = await recorder.until(({ session, kind }) => session === 's2' && kind === 'response');
    expect(kinds(events)).toEqual(['request', 'response', 'end', 'request', 'response']);
    expect(events[1]).toMatchObject({ headers: { via: '1.1 understudy-record' } });
  });

  it('is reported where it does not speak TLS', async () => {
    await using service = await socketService();
    await using recorder = await record(service.url.replace('ws:', 'wss:'));
    await using client = connect(`${recorder.url}/x`);

    expect((await client.refused).body).toMatch(/no answer from wss:.*(TLS|SSL|wrong version)/i);
  });

  it('is reported where it disconnects without an answer', async () => {
    await using service = await serviceOf((server) => {
      server.on('upgrade', (_request, socket) => socket.destroy());
      server.on('request', (request) => request.destroy());
    });
    await using recorder = await record(service.url);
    await using client = connect(`${recorder.url}/x`);

    expect((await client.refused).body).toMatch(/ended the connection instead of answering/);
    expect((await fetch(`${recorder.url.replace('ws', 'http')}/x`)).status).toBe(502);
  });
});

describe('the recorder', () => {
  it('speaks TLS with a service, and says so when its certificate is not trusted', async () => {
    await using fake = await startMockServer({ tls: true });
    await using recorder = await record(fake.urls.url.replace('https', 'wss'));
    await using client = connect(`${recorder.url}/v2/realtime?token=any-token`);

    expect((await client.refused).body).toMatch(
      /is self-signed: SSL_CERT_FILE or NODE_EXTRA_CA_CERTS can name/,
    );
  });

  it('notifies the service that a client has left before the answer', async () => {
    for (const how of ['fin', 'reset'] as const) {
      let met: (socket: Duplex) => void = () => undefined;
      const asked = new Promise<Duplex>((resolve) => (met = resolve));
      await using service = await serviceOf((server) =>
        server.on('upgrade', (_request, socket) => met(socket)),
      );
      await using recorder = await record(service.url);
      await using client = await connectRaw(recorder.url);
      client.write(upgradeRequest(`${recorder.url}/x`));
      const socket = await asked;
      const gone = new Promise<void>((resolve) => {
        socket.on('error', () => resolve());
        socket.on('close', resolve);
        socket.on('end', () => socket.end());
      });
      socket.resume();
      if (how === 'reset') client.reset();
      else client.socket.end();
      await gone;

      expect((await recorder.until(isEnd)).slice(1)).toMatchObject([
        { kind: 'end', by: 'client', how, code: 1006 },
      ]);
    }
  });

  it('loses nothing that a client sends without waiting for the answer', async () => {
    const wss = new WebSocketServer({ noServer: true });
    wss.on('connection', (ws) => ws.on('message', (data: Buffer) => ws.send(data)));
    let met: (answer: () => void) => void = () => undefined;
    const asked = new Promise<() => void>((resolve) => (met = resolve));
    await using service = await serviceOf((server) => {
      server.on('upgrade', (request, socket, head) => {
        met(() => wss.handleUpgrade(request, socket, head, (ws) => wss.emit('connection', ws)));
      });
    });
    await using recorder = await record(service.url);
    await using client = await connectRaw(recorder.url);
    const upgrade = Buffer.from(upgradeRequest(`${recorder.url}/x`));
    client.write(Buffer.concat([upgrade, frame(OPCODE.text, 'one')]));
    const answer = await asked;
    client.write(frame(OPCODE.text, 'two'));
    await answersOthers(recorder.url);
    answer();
    await client.answer();

    for (const text of ['one', 'two']) expect((await client.nextFrame()).payload.toString()).toBe(text);
  });

  it('can be stopped during conversations, which have no end in the trace then', async () => {
    await using service = await socketService();
    const recorder = await record(service.url);
    await using client = connect(`${recorder.url}/x`);
    await client.open;
    await service.met;
    await recorder.proxy.stop();

    expect((await client.closed).code).toBe(1006);
    expect(kinds(recorder.events)).toEqual(['request', 'response']);
  });

  it('writes no secret to its trace, wherever a client puts it', async () => {
    await using fake = await startMockServer({ keys: ['other-key'] });
    await using recorder = await record(fake.urls.url);
    const secret = fc
      .array(fc.constantFrom(...Array.from('abXY09-_.~/+=!*%?#"é')), { minLength: 6, maxLength: 16 })
      .map((characters) => `k${characters.join('')}9`);
    const ascii = (text: string) => text.replaceAll('é', 'e').replaceAll('"', 'q');
    const places: readonly ((
      value: string,
    ) => readonly [target: string, headers: Record<string, string>, protocols?: string[]])[] = [
      (value) => [`/v2/realtime?token=${encodeURIComponent(value)}`, {}],
      (value) => [`/v2/realtime?${new URLSearchParams({ token: value }).toString()}`, {}],
      (value) => [`/v2/client/${encodeURIComponent(value)}?url=http%3A%2F%2F127.0.0.1%3A1`, {}],
      (value) => [
        `/v2/client/t?url=${encodeURIComponent(`http://h/a.mp3?sig=${encodeURIComponent(value)}`)}`,
        {},
      ],
      ...['x-zoom-s2t-key', 'x-api-key', 'api-key'].map(
        (name) => (value: string) => ['/v2/realtime', { [name]: ascii(value) }] as const,
      ),
      (value) => ['/v1/speech-to-text/realtime', { authorization: `ApiKey ${ascii(value)}` }],
      (value) => ['/v1/speech-to-text/realtime', { authorization: `Bearer ${ascii(value)}` }],
      (value) => ['/v1/speech-to-text/realtime', {}, ['bearer', value.replace(/[^\w.~!*%#+-]/g, 'x')]],
    ];
    await fc.assert(
      fc.asyncProperty(secret, fc.constantFrom(...places), async (value, place) => {
        const [target, headers, protocols = []] = place(value);
        const before = recorder.text.length;
        await using client = connect(recorder.url + target, { headers, protocols });
        await client.refused.catch(() => client.closed);
        const added = recorder.text.slice(before);

        expect(added).toContain('"kind":"request"');
        for (const spelling of [
          value,
          ascii(value),
          encodeURIComponent(value),
          JSON.stringify(value).slice(1, -1),
          protocols[1] ?? value,
        ]) {
          expect(added).not.toContain(spelling);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('does not act as a proxy for other hosts', async () => {
    await using service = await serviceOf((server) => {
      server.on('request', (request, response) =>
        response.end(`${String(request.headers.host)} ${String(request.url)}`),
      );
    });
    await using recorder = await record(service.url);
    const body = await new Promise<string>((resolve, reject) => {
      httpRequest(
        { port: recorder.proxy.port, host: '127.0.0.1', path: 'http://elsewhere.example/x' },
        (response) => {
          response.setEncoding('utf8').on('data', resolve);
        },
      )
        .on('error', reject)
        .end();
    });

    expect(body).toBe(`${new URL(service.url).host} http://elsewhere.example/x`);
  });
});
