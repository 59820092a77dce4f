import { request as httpRequest, type ClientRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { wrongPort } from '../runtime/network/authority.ts';
import { UserError } from '../runtime/errors.ts';
import { trusted } from '../runtime/network/trust.ts';
import { failureOf, told } from '../runtime/network/unreachable.ts';

/** The service that is recorded. */
export interface Upstream {
  /** Its name in errors: `wss://api.example.com`. */
  readonly origin: string;
  readonly isSecure: boolean;
  readonly hostname: string;
  readonly port: number;
  /** The value of the Host header. */
  readonly host: string;
}

/**
 * Parses a URL of scheme, host and optional port.
 *
 * @throws UserError for anything else; the error does not name the flag
 */
export function readUpstream(url: string): Upstream {
  const expected = 'expected scheme and host, such as wss://api.example.com or ws://127.0.0.1:8080';
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^(?:wss?|https?):$/.test(parsed.protocol) || parsed.hostname === '') {
    throw new UserError(expected);
  }
  const wrong = wrongPort(url);
  if (wrong !== undefined) throw new UserError(`${expected}; ${wrong}`);
  const { protocol, hostname, host, port, username, password, search, hash, pathname } = parsed;
  // The given value is not printed, because it may contain a token.
  if (username !== '' || password !== '' || search !== '' || hash !== '' || pathname !== '/') {
    throw new UserError(`${expected}, and nothing else; clients send path, query and keys of their own`);
  }
  const isSecure = protocol === 'wss:' || protocol === 'https:';
  return {
    origin: `${protocol}//${host}`,
    isSecure,
    hostname: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? (isSecure ? 443 : 80) : Number(port),
    host,
  };
}

/**
 * Begins a request; the caller sends its body, if any.
 *
 * @param headers names and values alternating, as they are sent
 * @throws TypeError for a target that HTTP does not allow
 */
export function send(
  upstream: Upstream,
  method: string,
  path: string,
  headers: readonly string[],
): ClientRequest {
  const { isSecure, hostname, port } = upstream;
  const options = { host: hostname, port, method, path, headers: [...headers], agent: false as const };
  if (!isSecure) return httpRequest(options);
  // Node.js passes it on to TLS; its types do not say so.
  const trust = { secureContext: trusted() };
  return httpsRequest({ ...options, ...trust, servername: isIP(hostname) === 0 ? hostname : '' });
}

/** Why the service could not be reached, for the user who started the recorder. */
export function describeFailure({ origin }: Upstream, error: unknown): string {
  return `Understudy got no answer from ${origin}: ${told(failureOf(error), origin)}`;
}
