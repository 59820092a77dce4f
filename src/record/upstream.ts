import { request as httpRequest, type ClientRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { wrongPort } from '../runtime/network/authority.ts';
import { codeOf, messageOf, UserError } from '../runtime/errors.ts';

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
  return httpsRequest({ ...options, servername: isIP(hostname) === 0 ? hostname : '' });
}

/** Why the service could not be reached, for the user who started the recorder. */
export function describeFailure({ origin }: Upstream, error: unknown): string {
  const code = codeOf(error) ?? '';
  const why = WHY[code] ?? (/CERT|SELF_SIGNED|ALTNAME/.test(code) ? CERTIFICATE : messageOf(error));
  return `Understudy got no answer from ${origin}: ${why}${code === '' ? '' : ` (${code})`}`;
}

const CERTIFICATE = 'its certificate is not trusted; NODE_EXTRA_CA_CERTS names a file with trusted ones';
const WHY: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'its name could not be looked up',
  ETIMEDOUT: 'it does not answer',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to it',
  ECONNRESET: 'it ended the connection without an answer',
  EPROTO: 'it does not speak TLS there; is it ws:// or http://?',
};
