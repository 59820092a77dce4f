import type { Server } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';

/** A self-signed certificate and its key, in PEM. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

const YEAR_MS = 365 * 86_400_000;

/**
 * Makes a certificate for 127.0.0.1 and localhost, or for another name, that is good for a year from then. Of several
 * with one subject, OpenSSL finds only one.
 */
export async function certificate({
  name,
  subject = name ?? 'localhost',
  fromMs = Date.now(),
}: {
  readonly name?: string;
  readonly subject?: string;
  readonly fromMs?: number;
} = {}): Promise<Pair> {
  const own = [
    { type: 2 as const, value: 'localhost' },
    { type: 7 as const, ip: '127.0.0.1' },
  ];
  const { cert, private: key } = await generate([{ name: 'commonName', value: subject }], {
    keySize: 2048,
    algorithm: 'sha256',
    notBeforeDate: new Date(fromMs),
    notAfterDate: new Date(fromMs + YEAR_MS),
    extensions: [
      { name: 'subjectAltName', altNames: name === undefined ? own : [{ type: 2 as const, value: name }] },
    ],
  });
  return { cert, key };
}

/** A certificate that is past, and one that is still to come. */
export const PAST_MS = Date.UTC(2015, 0);
export const FUTURE_MS = Date.UTC(2100, 0);

/** A server with TLS on loopback; it answers 404 to everything. */
export interface SecureServer extends AsyncDisposable {
  /** `127.0.0.1:…` */
  readonly host: string;
}

export async function secureServer(options: ServerOptions): Promise<SecureServer> {
  const server = createServer(options, (_request, response) => response.writeHead(404).end());
  return listening(server);
}

/** Makes a server listen on loopback. */
export async function listening(server: Server): Promise<SecureServer> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
