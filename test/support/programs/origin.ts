import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that an origin got, and whether its connection has ended since. */
export interface Asked {
  readonly method: string;
  /** Path and query, byte for byte as they came. */
  readonly target: string;
  readonly headers: IncomingMessage['headers'];
  /** Resolves when the answer has ended or its connection was closed. */
  readonly ended: Promise<{ readonly complete: boolean }>;
}

export type Serve = (response: ServerResponse, request: IncomingMessage) => void;

/** An HTTP server to fetch from, which remembers its requests. */
export interface Origin extends AsyncDisposable {
  /** `http://127.0.0.1:port`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  readonly asked: readonly Asked[];
  /** Resolves at its `count`th request; rejects after 5 seconds. */
  asking(count?: number): Promise<Asked>;
}

const WAIT_MS = 20_000;

/** Serves the answers that `routes` has by path (without the query), and 404 for all other paths. */
export async function startOrigin(
  routes: Readonly<Record<string, Serve>>,
  host = '127.0.0.1',
): Promise<Origin> {
  const asked: Asked[] = [];
  const watchers = new Set<() => void>();
  const server = createServer((request, response) => {
    const { method = '', url: target = '', headers } = request;
    const ended = new Promise<{ complete: boolean }>((resolve) => {
      response.on('close', () => resolve({ complete: response.writableFinished }));
    });
    asked.push({ method, target, headers, ended });
    for (const watch of [...watchers]) watch();
    const serve = routes[target.split('?')[0] ?? ''];
    if (serve === undefined) response.writeHead(404).end('nothing here');
    else serve(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${port}`,
    port,
    asked,
    asking(count = 1) {
      return new Promise((resolve, reject) => {
        const watch = () => {
          const found = asked[count - 1];
          if (found === undefined) return;
          clearTimeout(timer);
          watchers.delete(watch);
          resolve(found);
        };
        const timer = setTimeout(() => {
          watchers.delete(watch);
          reject(
            new Error(`asked ${asked.length} times, not ${count}: ${asked.map((it) => it.target).join()}`),
          );
        }, WAIT_MS);
        watchers.add(watch);
        watch();
      });
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Answers 200 with a body. */
export function body(bytes: Uint8Array | string, type = 'application/octet-stream'): Serve {
  return (response) => response.writeHead(200, { 'content-type': type }).end(bytes);
}

/** Answers with a status and a short text that is not audio. */
export function status(code: number, headers: Record<string, string> = {}): Serve {
  return (response) => response.writeHead(code, headers).end(`status ${code}`);
}

export function redirect(location: string, code = 302): Serve {
  return status(code, { location });
}
