import { createServer as createHttpServer, type Server } from 'node:http';
import { portOf } from '../../wire/tcp.ts';
import type { Pair } from './certificate.ts';

/** Makes the HTTP or HTTPS server; it does not listen yet. */
export async function createServer(
  tls: true | Pair | undefined,
  host: string,
  headersTimeoutMs: number,
): Promise<Server> {
  // A client that sends its headers one byte at a time is answered with 408 and cut off.
  const limits = {
    headersTimeout: headersTimeoutMs,
    // A recording may take long; for other bodies the time is limited when they arrive.
    requestTimeout: 0,
    connectionsCheckingInterval: Math.max(100, Math.floor(headersTimeoutMs / 4)),
    keepAliveTimeout: 5000,
  };
  if (tls === undefined) return createHttpServer(limits);
  const { pairOf, unusable } = await import('./certificate.ts');
  const pair = await pairOf(tls, host);
  const https = await import('node:https');
  try {
    return https.createServer({ ...limits, ...pair });
  } catch (error) {
    throw unusable(error);
  }
}

/** Starts listening; resolves with the port. */
export async function listen(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      import('../../runtime/network/listen-error.ts').then(
        ({ listenError }) => reject(listenError(error, port, host)),
        reject,
      );
    });
    server.listen(port, host, resolve);
  });
  return portOf(server);
}
