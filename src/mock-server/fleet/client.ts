import { codeOf, UserError } from '../../runtime/errors.ts';
import { trusted } from '../../runtime/network/trust.ts';
import { CONNECT_MS, type RedisClient } from './connection.ts';

/** Where other replicas reach this one. */
export interface StateAddress {
  /** A name or an address, an IPv6 one without brackets. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/** Where a fleet keeps its state. */
export interface StatePlace {
  /** `redis://host:port/db` or `rediss://…`, with a user and a password or without. */
  readonly url: string;
  /** What all its keys begin with. */
  readonly prefix: string;
  /** Where the others reach this replica; left out: at the host that it listens on, and at a free port. */
  readonly address?: StateAddress | undefined;
}

/** Commands that wait for Redis at the same time; more are refused. */
const MOST_WAITING = 10_000;

/**
 * Loads the client library, and says how to make a connection.
 *
 * @throws UserError if it is not installed, and over TLS for a wrong SSL_CERT_FILE
 */
export async function newClientFor({ url }: StatePlace): Promise<() => RedisClient> {
  let library;
  try {
    library = await import('@redis/client');
  } catch (error) {
    if (codeOf(error) !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new UserError('needs a library that is not installed: npm install @redis/client', {
      option: 'state',
    });
  }
  const { createClient } = library;
  const trust = url.startsWith('rediss:') ? { tls: true as const, secureContext: trusted() } : {};
  return () =>
    createClient({
      url,
      // RESP 3 begins with HELLO, which Redis has since version 6.
      RESP: 2,
      disableOfflineQueue: true,
      commandsQueueMaxLength: MOST_WAITING,
      // Callers have time limits of their own. The library would make an AbortSignal for each command, and keep it for
      // 5 s.
      commandOptions: { timeout: 0 },
      // A client connects once; its owner makes a new one to connect again.
      socket: { connectTimeout: CONNECT_MS, reconnectStrategy: false, ...trust },
    });
}
