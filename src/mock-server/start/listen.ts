import { createServer as createHttpServer, type Server } from 'node:http';
import { portOf } from '../../wire/tcp.ts';
import { codeOf, messageOf, UserError } from '../../runtime/errors.ts';
import { dateOf, wallNowMs } from '../../runtime/wall-time.ts';

/** Makes the HTTP or HTTPS server; it does not listen yet. */
export async function createServer(
  tls: true | { readonly cert: string; readonly key: string } | undefined,
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
  const pair = tls === true ? await selfSigned(host) : tls;
  // Node.js takes an empty one for none, and no client could connect.
  for (const part of ['cert', 'key'] as const) if (pair[part] === '') throw noPair(`${part} is empty`);
  const https = await import('node:https');
  try {
    return https.createServer({ ...limits, ...pair });
  } catch (error) {
    throw noPair(messageOf(error));
  }
}

function noPair(why: string): UserError {
  return new UserError(`expected a certificate and its key in PEM (${why})`, { option: 'tls' });
}

/** Starts listening; resolves with the port. */
export async function listen(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, port, host)));
    server.listen(port, host, resolve);
  });
  return portOf(server);
}

function listenError(error: Error, port: number, host: string): Error {
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return new UserError('the port is in use; --port 0 takes a free one', {
        option: 'port',
        value: String(port),
      });
    case 'EACCES':
      return new UserError('listening there is not permitted; --port 0 takes a free one', {
        option: 'port',
        value: String(port),
      });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new UserError('this machine has no such address; 127.0.0.1 is the default', {
        option: 'host',
        value: host,
      });
    default:
      return error;
  }
}

const YEAR_MS = 365 * 86_400_000;

/** A certificate for this host, valid from now on, even if a test has faked the time. */
async function selfSigned(host: string): Promise<{ cert: string; key: string }> {
  const { generate } = await import('selfsigned');
  const names = [...new Set(['localhost', host])];
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keySize: 2048,
    algorithm: 'sha256',
    notBeforeDate: dateOf(wallNowMs()),
    notAfterDate: dateOf(wallNowMs() + YEAR_MS),
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [
          ...names
            .filter((name) => !/^[\d.:a-f]+$/i.test(name))
            .map((value) => ({ type: 2 as const, value })),
          { type: 7 as const, ip: '127.0.0.1' },
          { type: 7 as const, ip: '::1' },
        ],
      },
    ],
  });
  return { cert, key };
}
