import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { startMockServer } from '../../../src/mock-server/server.ts';
import type { MockServer } from '../../../src/mock-server/mock-server.ts';
import { connect } from './connect.ts';
import type { Asked, Behaviour, HttpReply, Mutating, Mutation, Rest } from './mutation.ts';
import { SPEED } from './patience.ts';
import { after } from './time.ts';

/** A server that is the conforming fake except for one mutation. */
export interface Mutant extends AsyncDisposable {
  /** The origins of its WebSockets and of its REST API. */
  readonly url: string;
  readonly apiUrl: string;
}

const HURRIED = { speed: SPEED, service: { status: 'scaled_down', startMs: 1000 }, pingMs: 60_000 } as const;

/** Starts an HTTP and WebSocket server on loopback that passes everything on to a fake, except for the mutation. */
export async function startMutant(mutating: Mutating, seed = 1): Promise<Mutant> {
  const mutation = typeof mutating === 'function' ? mutating() : mutating;
  const fake = await startMockServer({ ...HURRIED, seed, ...mutation.fake });
  const fakePort = Number(new URL(fake.urls.reson8.realtime).port);
  const sockets = new Set<Socket>();
  const rest = mutation.rest?.(fake);
  const server = createServer((request, response) => void call(request, response, fakePort, rest));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', () => undefined);
    void upgrade({ request, socket, head, mutation, fake, fakePort });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}`,
    apiUrl: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      const closed = new Promise((resolve) => server.close(resolve));
      await fake.stop();
      await closed;
    },
  };
}

interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Socket;
  readonly head: Buffer;
  readonly mutation: Mutation;
  readonly fake: MockServer;
  readonly fakePort: number;
}

async function upgrade({ request, socket, head, mutation, fake, fakePort }: Upgrade): Promise<void> {
  const asked = askedBy(request);
  const decision = mutation.admit?.(asked, fake);
  if (decision?.kind === 'refuse') return refuse(socket, decision.reply);
  if (decision?.kind === 'patient') await after(decision.afterMs);
  const passed = decision?.kind === 'as' ? { ...asked, ...decision.asked } : asked;
  const back = dial(passed, fakePort);
  const open = (behaviour: Behaviour, isThere: boolean) => {
    if (socket.destroyed) return back.terminate();
    const selected = mutation.subprotocol?.(back.protocol, asked) ?? (back.protocol || false);
    const acceptor = new WebSocketServer({
      noServer: true,
      autoPong: false,
      perMessageDeflate: mutation.deflate ?? false,
      handleProtocols: () => selected,
    });
    acceptor.on('headers', (lines) => mutation.head?.(lines));
    acceptor.handleUpgrade(request, socket, head, (front) => {
      connect({ front, back: isThere ? back : undefined, socket, asked, behaviour });
    });
  };
  back.on('error', () => socket.destroy());
  back.once('unexpected-response', (_request, response) => {
    void read(response).then((reply) => {
      const instead = mutation.refusal?.(reply, asked) ?? reply;
      if ('status' in instead) refuse(socket, instead);
      else open(instead, false);
    });
  });
  back.once('open', () => open(mutation.connection?.(asked, fake) ?? {}, true));
}

function dial({ path, query, headers }: Asked, port: number): WebSocket {
  const { 'sec-websocket-protocol': offered } = headers;
  const search = query.toString();
  const passed = Object.entries(headers).filter(([name]) => !HOP_BY_HOP.test(name));
  return new WebSocket(
    `ws://127.0.0.1:${port}${path}${search === '' ? '' : `?${search}`}`,
    offered === undefined ? [] : offered.split(',').map((each) => each.trim()),
    { headers: Object.fromEntries(passed), perMessageDeflate: false },
  );
}

const HOP_BY_HOP = /^(?:host|connection|upgrade|sec-websocket-.*|content-length|transfer-encoding)$/;

function askedBy({ url = '/', headers }: IncomingMessage): Asked {
  const [path = '', query = ''] = url.split('?');
  return { path, query: new URLSearchParams(query), headers };
}

function refuse(socket: Socket, reply: HttpReply): void {
  const body = bytesOf(reply);
  const lines = Object.entries({
    connection: 'close',
    'content-type': 'application/json',
    ...reply.headers,
    'content-length': String(body.length),
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(Buffer.concat([Buffer.from(`HTTP/1.1 ${reply.status} Refused\r\n${lines.join('')}\r\n`), body]));
}

async function call(
  request: IncomingMessage,
  response: ServerResponse,
  port: number,
  rest: Rest | undefined,
): Promise<void> {
  const { method = 'GET', url = '/', headers } = request;
  const [path = '', query = ''] = url.split('?');
  const asked = { method, path, query: new URLSearchParams(query), headers };
  const instead = rest?.instead?.(asked);
  if (instead !== undefined) {
    request.resume();
    return answer(response, instead);
  }
  const reply = await new Promise<HttpReply>((resolve, reject) => {
    const passed = ask({ host: '127.0.0.1', port, method, path: url, headers, agent: false }, (incoming) => {
      void read(incoming).then(resolve);
    }).on('error', reject);
    request.pipe(passed);
  }).catch((): HttpReply => ({ status: 502 }));
  answer(response, rest?.answer?.(asked, reply) ?? reply);
}

function answer(response: ServerResponse, reply: HttpReply): void {
  response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
  response.end(bytesOf(reply));
}

async function read(response: IncomingMessage): Promise<HttpReply> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const contentType = response.headers['content-type'] ?? 'text/plain';
  const body: unknown = contentType.startsWith('application/json') ? JSON.parse(text) : text;
  const kept = Object.entries(response.headers).filter(([name]) => !OF_CONNECTION.test(name));
  const headers = Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
  return { status: response.statusCode ?? 502, body, headers: { ...headers, 'content-type': contentType } };
}

const OF_CONNECTION = /^(?:connection|keep-alive|date|upgrade|content-length|transfer-encoding)$/;

function bytesOf({ body }: HttpReply): Buffer {
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body));
}
