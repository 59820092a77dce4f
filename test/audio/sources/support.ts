import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { SourceError, type SourceChunk } from '../../../src/audio/source.ts';
import { parseAllowList } from '../../../src/audio/sources/allow.ts';
import { SOURCE_LIMITS, type SourceLimits } from '../../../src/audio/sources/limits.ts';
import type { SourceOptions } from '../../../src/audio/sources/open.ts';
import type { RequestContext } from '../../../src/audio/sources/request.ts';
import { manualClock, realClock } from '../../../src/runtime/clock.ts';

/** An HTTP server on loopback that remembers its requests. */
export interface Site extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly origin: string;
  readonly port: number;
  /** The request targets, in order, as they were on the wire. */
  readonly asked: string[];
  /** The headers of each request, in the same order. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>[];
  /** The open connections. */
  readonly open: ReadonlySet<Socket>;
}

export async function site(handler: RequestListener): Promise<Site> {
  const asked: string[] = [];
  const headers: Site['headers'] = [];
  const open = new Set<Socket>();
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    headers.push(request.headers);
    handler(request, response);
  });
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    asked,
    headers,
    open,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A site of files by path. A function answers by itself; other paths are answered with 404. */
export function files(
  byPath: Readonly<Record<string, Uint8Array | string | ((response: ServerResponse) => void)>>,
): Promise<Site> {
  return site((request, response) => {
    const found = byPath[(request.url ?? '').replace(/\?.*/, '')];
    if (typeof found === 'function') found(response);
    else if (found === undefined) response.writeHead(404).end();
    else response.end(found);
  });
}

/** The addresses that sockets of this process try to connect to from now on. */
export function watchConnections(): { readonly tried: string[] } & Disposable {
  const tried: string[] = [];
  const watch = (message: unknown) => {
    const { socket } = message as { readonly socket: Socket };
    socket.on('connectionAttempt', (address) => tried.push(address));
  };
  subscribe('net.client.socket', watch);
  return { tried, [Symbol.dispose]: () => void unsubscribe('net.client.socket', watch) };
}

/** Options of a source that may fetch only from loopback, with a clock that stands still. */
export function options(more: Partial<SourceOptions> = {}): SourceOptions {
  return {
    allow: parseAllowList([]),
    clock: manualClock(),
    signal: new AbortController().signal,
    ...more,
  };
}

/** The same for a single request. */
export function context(
  more: Partial<RequestContext> = {},
  limits: Partial<SourceLimits> = {},
): RequestContext {
  return {
    allow: parseAllowList([]),
    clock: realClock(),
    signal: new AbortController().signal,
    limits: { ...SOURCE_LIMITS, ...limits },
    ...more,
  };
}

export async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const chunks: T[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return chunks;
}

/** The error that was thrown, which has to be a SourceError. */
export async function failure(work: Promise<unknown>): Promise<SourceError> {
  const thrown: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof SourceError) return thrown;
  throw new Error('no SourceError was thrown', { cause: thrown });
}

/** The PCM of the chunks, one after another. */
export function pcmOf(chunks: readonly SourceChunk[]): Uint8Array {
  return new Uint8Array(
    Buffer.concat(chunks.flatMap((chunk) => (chunk.kind === 'pcm' ? [chunk.bytes] : []))),
  );
}

/** A fast comparison, because toEqual takes a second for the samples of a recording. */
export function same(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}

export function durationOf(chunks: readonly SourceChunk[]): number {
  return chunks.reduce((sum, { durationMs }) => sum + durationMs, 0);
}

/** A body that arrives in pieces of the given length. */
export async function* pieces(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array, void, void> {
  await Promise.resolve();
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

/** Waits, turn by turn of the event loop, until a condition holds. */
export async function until(condition: () => boolean): Promise<void> {
  for (let turns = 0; turns < 100_000; turns += 1) {
    if (condition()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error('it has not come about');
}
