import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect as connectTls } from 'node:tls';
import fc from 'fast-check';
import { generate } from 'selfsigned';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocketServer } from 'ws';
import { offeredProtocols } from '../../src/wire/request-head.ts';
import { takeUpgrades } from '../../src/wire/upgrades.ts';
import {
  connectRaw,
  frame,
  OPCODE,
  readAnswer,
  requestText,
  upgradeRequest,
} from '../support/clients/raw.ts';

// curl --http2 and the HTTP client of Java offer HTTP/2 with every plain request; Node.js took each for an upgrade, so
// that they were refused with 404. And an upgrade behind a request that was still being answered was accepted at once,
// so that the answer came in the middle of the WebSocket.

const ECHO_MS = 5;
const KEEP_ALIVE_MS = 1;
/** Node.js keeps idle connections for up to a second longer than it is told to. */
const SLOW_MS = 1500;

/** Answers requests after a while with their method, path and body, and echoes WebSocket messages. */
async function serve(server: Server = createServer()) {
  const wss = new WebSocketServer({ noServer: true });
  const held = new Set<() => void>();
  server.on('request', (request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const body = Buffer.concat(pieces).toString();
      const text = `${request.method ?? ''} ${request.url ?? ''} ${body}`;
      const say = () =>
        response
          .setHeader('content-length', Buffer.byteLength(text))
          .end(request.method === 'HEAD' ? '' : text);
      if (request.url === '/never') return;
      if (request.url === '/long') {
        response.setHeader('content-length', 4_000_000);
        for (let piece = 0; piece < 4; piece++) response.write(Buffer.alloc(500_000, 'a'));
        return void response.once('drain', () => response.end(Buffer.alloc(2_000_000, 'a')));
      }
      setTimeout(say, request.url === '/slow' ? SLOW_MS : ECHO_MS);
    });
  });
  const upgrades = takeUpgrades(
    server,
    (request) => offeredProtocols(request).includes('websocket'),
    (request, duplex, head) => {
      wss.handleUpgrade(request, duplex, head, (ws) => {
        // Of a client that goes on with something else.
        ws.on('error', () => undefined);
        ws.on('message', (data: Buffer) => ws.send(data.toString()));
        held.add(() => ws.terminate());
      });
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const end of held) end();
    upgrades.endAll();
    server.closeAllConnections();
    await closed;
  };
  onTestFinished(stop);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop };
}

const OFFERS = ['h2c', 'TLS/1.2', 'foo', 'h2c, TLS/1.3', 'IRC/6.9'];
const body = 'a body that is longer than what comes with the head';

function offering(method: string, target: string, upgrade: string, content = ''): string {
  return (
    requestText(method, target, {
      Host: 'any',
      Connection: 'keep-alive, Upgrade, HTTP2-Settings',
      Upgrade: upgrade,
      'HTTP2-Settings': 'AAMAAABkAARAAAAAAAIAAAAA',
      'Content-Length': content === '' ? '' : String(content.length),
    }) + content
  );
}

it.each(OFFERS)(
  'an offer to upgrade to %s is ignored, whatever the method, and the connection goes on',
  async (offer) => {
    const { url } = await serve();
    await using client = await connectRaw(url);
    for (const method of ['GET', 'POST', 'PUT', 'DELETE']) {
      const content = method === 'GET' ? '' : body;
      client.write(offering(method, '/a', offer, content));
      expect(await client.answer()).toMatchObject({ status: 200, body: `${method} /a ${content}` });
    }
  },
);

it('twenty offers to upgrade leave no listeners behind on their connection', async () => {
  const { url } = await serve();
  const warnings: string[] = [];
  const onWarning = ({ message }: Error) => void warnings.push(message);
  process.on('warning', onWarning);
  onTestFinished(() => void process.off('warning', onWarning));
  await using client = await connectRaw(url);
  for (let i = 0; i < 20; i++) {
    client.write(offering('POST', `/${i}`, 'h2c', body));
    expect((await client.answer()).body).toBe(`POST /${i} ${body}`);
  }

  expect(warnings).toEqual([]);
});

it('a pipelined request may take longer to answer than an idle connection is kept', async () => {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS });
  const { url } = await serve(server);
  await using client = await connectRaw(url);
  client.write(requestText('GET', '/a', { Host: 'any' }) + offering('POST', '/slow', 'h2c', body));

  expect(await client.answer()).toMatchObject({ status: 200, body: 'GET /a ' });
  expect(await client.answer()).toMatchObject({ status: 200, body: `POST /slow ${body}` });
});

it('an offer to upgrade is also ignored over TLS', async () => {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }]);
  const { url } = await serve(createSecureServer({ cert, key }));
  const socket = connectTls({
    host: '127.0.0.1',
    port: Number(new URL(url).port),
    rejectUnauthorized: false,
  });
  onTestFinished(() => void socket.destroy());
  let received = Buffer.alloc(0);
  const both = new Promise<void>((resolve) => {
    socket.on('data', (bytes: Buffer) => {
      received = Buffer.concat([received, bytes]);
      if (received.includes('POST /b')) resolve();
    });
  });
  socket.write(offering('POST', '/a', 'h2c', body) + offering('POST', '/b', 'TLS/1.3', body));
  await both;

  expect(received.toString()).toContain(`POST /a ${body}`);
});

/** Pipelined requests, an upgrade and messages after it: all that a client can send without waiting. */
function everything(url: string): Buffer {
  const ws = url.replace('http', 'ws');
  return Buffer.concat([
    Buffer.from(requestText('GET', '/first', { Host: 'any' })),
    Buffer.from(offering('POST', '/second', 'h2c', body)),
    Buffer.from(requestText('HEAD', '/third', { Host: 'any' })),
    Buffer.from(requestText('GET', '/fourth', { Host: 'any' })),
    Buffer.from(upgradeRequest(`${ws}/ws`)),
    frame(OPCODE.text, 'one'),
    frame(OPCODE.text, 'two'),
  ]);
}

async function expectEverything(client: Awaited<ReturnType<typeof connectRaw>>): Promise<void> {
  for (const said of ['GET /first ', `POST /second ${body}`]) {
    expect(await client.answer()).toMatchObject({ status: 200, body: said });
  }
  // The answer to HEAD has a length but no body, and the reader of answers does not know the method.
  await expect.poll(() => client.bytes.includes('/fourth')).toBe(true);
  const headEnd = client.bytes.indexOf('\r\n\r\n') + 4;
  const rest = client.bytes.subarray(headEnd);
  expect(client.bytes.subarray(0, headEnd).toString()).toMatch(/^HTTP\/1\.1 200 OK/);
  const fourth = readAnswer(rest, false);
  expect(fourth?.value).toMatchObject({ status: 200, body: 'GET /fourth ' });
  await expect
    .poll(() => {
      const after = client.bytes.subarray(headEnd + (fourth?.taken ?? 0)).toString('latin1');
      const [head = '', messages = ''] = after.split('\r\n\r\n');
      return [head.split('\r\n')[0], messages];
    })
    .toEqual(['HTTP/1.1 101 Switching Protocols', '\x81\x03one\x81\x03two']);
}

it('requests before an upgrade are answered before it, in their order', async () => {
  const { url } = await serve();
  await using client = await connectRaw(url);
  client.write(everything(url));

  await expectEverything(client);
});

it('requests before an upgrade are answered before it, wherever the bytes are cut', async () => {
  const { url } = await serve();
  const length = everything(url).length;
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.integer({ min: 1, max: length - 1 }), { maxLength: 4 }),
      async (cuts) => {
        await using client = await connectRaw(url);
        client.socket.setNoDelay(true);
        const bytes = everything(url);
        let from = 0;
        for (const cut of [...cuts.sort((a, b) => a - b), length]) {
          client.write(bytes.subarray(from, cut));
          from = cut;
          await new Promise((resolve) => setImmediate(resolve));
        }
        await expectEverything(client);
      },
    ),
    { numRuns: 40 },
  );
}, 120_000);

it('an answer longer than the buffer of a socket is sent completely before an upgrade', async () => {
  const { url } = await serve();
  await using client = await connectRaw(url);
  client.write(
    requestText('GET', '/long', { Host: 'any' }) + upgradeRequest(`${url.replace('http', 'ws')}/ws`),
  );
  const answer = await client.answer();

  expect(answer.body).toHaveLength(4_000_000);
  expect(await client.answer()).toMatchObject({ status: 101 });
});

it('bytes after an accepted upgrade are not read as HTTP', async () => {
  const { url } = await serve();
  await using client = await connectRaw(url);
  client.write(upgradeRequest(`${url.replace('http', 'ws')}/ws`) + requestText('GET', '/a', { Host: 'any' }));

  expect(await client.answer()).toMatchObject({ status: 101 });
  expect(await client.ended).toBe('fin');
  expect(client.bytes.toString('latin1')).not.toContain('HTTP/1.1');
});

it.each(['fin', 'reset'] as const)(
  'the connection of a client that leaves while its upgrade waits (%s) is closed',
  async (how) => {
    const server = createServer();
    const { url } = await serve(server);
    const client = await connectRaw(url);
    client.write(
      requestText('GET', '/never', { Host: 'any' }) + upgradeRequest(`${url.replace('http', 'ws')}/ws`),
    );

    await expect.poll(() => connections(server)).toBe(1);

    if (how === 'fin') client.socket.end();
    else client.reset();
    await expect.poll(() => connections(server)).toBe(0);
  },
);

it('a server can be stopped while an upgrade waits', async () => {
  const { url, stop } = await serve();
  await using client = await connectRaw(url);
  client.write(
    requestText('GET', '/never', { Host: 'any' }) + upgradeRequest(`${url.replace('http', 'ws')}/ws`),
  );
  // A later connection is served later, so by then the first has been read.
  await using second = await connectRaw(url);
  second.write(requestText('GET', '/a', { Host: 'any' }));
  await second.answer();
  await stop();
  await client.ended;
});

function connections(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
  });
}
