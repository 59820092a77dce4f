import { problem } from './problem.ts';

/** The target of a request. */
export interface FetchTarget {
  readonly scheme: 'http' | 'https';
  /** A name or an address as the WHATWG URL parser writes it, an IPv6 address without its brackets. */
  readonly host: string;
  readonly port: number;
  /** Percent-encoded, beginning with a slash. */
  readonly path: string;
  /** Empty, or beginning with `?`. Sent as it was given: an encoded signature must not be encoded again. */
  readonly query: string;
  /** The value of the header, from the user name and the password in the URL. Never printed. */
  readonly authorization: string | undefined;
}

/** Longer URLs are refused; servers commonly accept 8 KiB for the whole request line. */
const LONGEST_URL_CHARS = 8192;

/** Longer paths are cut in messages. */
const LONGEST_PATH_CHARS = 200;

const DEFAULT_PORTS = { http: 80, https: 443 } as const;

/**
 * Parses a URL: an absolute one, or one relative to `base` (a redirect's Location, a line of a playlist). A reference
 * to the same origin keeps the credentials of the base; any other loses them.
 *
 * @throws SourceError `invalid` if it is empty, too long, malformed, or not http or https
 */
export function readTarget(reference: string, base?: FetchTarget): FetchTarget {
  // A WHATWG parser drops these too, and the query is extracted from the reference by hand.
  const clean = trimmed(reference).replaceAll(/[\t\n\r]/g, '');
  if (clean === '' && base === undefined) throw problem('invalid', 'the url is empty');
  if (clean.length > LONGEST_URL_CHARS) {
    throw problem('invalid', `the url is longer than ${LONGEST_URL_CHARS} characters`);
  }
  const url = parse(clean, base);
  const scheme = url.protocol.slice(0, -1);
  if (scheme !== 'http' && scheme !== 'https') {
    throw problem('invalid', `${origin(base)} is not an http or https URL${hint(scheme)}`);
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = url.port === '' ? DEFAULT_PORTS[scheme] : Number(url.port);
  const same = base !== undefined && base.scheme === scheme && base.host === host && base.port === port;
  return {
    scheme,
    host,
    port,
    path: url.pathname,
    query: queryOf(clean, url, base),
    authorization: credentialsOf(url) ?? (same ? base.authorization : undefined),
  };
}

/** The host and the port in the form of a Host header: the port only if it is not the scheme's default. */
export function authorityOf({ scheme, host, port }: FetchTarget): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return port === DEFAULT_PORTS[scheme] ? name : `${name}:${port}`;
}

/** Scheme, host and path for messages. The query and the credentials are omitted because they may be secret. */
export function describe(target: FetchTarget): string {
  const { scheme, path } = target;
  const shown = path.length > LONGEST_PATH_CHARS ? `${path.slice(0, LONGEST_PATH_CHARS)}...` : path;
  return `${scheme}://${authorityOf(target)}${shown}`;
}

function parse(reference: string, base: FetchTarget | undefined): URL {
  const from = base && `${base.scheme}://${authorityOf(base)}${base.path}${base.query}`;
  try {
    return new URL(reference, from);
  } catch {
    // The error that URL throws contains the whole input.
    throw problem('invalid', `${origin(base)} is not a valid absolute URL`);
  }
}

/** Describes the input without repeating any of it: text that is not a URL may be anything, even a password. */
function origin(base: FetchTarget | undefined): string {
  return base === undefined ? 'the url' : `what ${describe(base)} refers to`;
}

/** Other schemes that people try. An unlisted scheme may be half of `user:password@host`. */
function hint(scheme: string): string {
  return ['ftp', 'file', 'data', 'blob', 'rtsp', 'rtmp', 'ws', 'wss'].includes(scheme)
    ? ` but ${scheme}:`
    : '';
}

/** Removes surrounding spaces and control characters. */
function trimmed(reference: string): string {
  const from = reference.search(/[^\0- ]/);
  if (from === -1) return '';
  let to = reference.length;
  while (reference.charAt(to - 1) <= ' ') to -= 1;
  return reference.slice(from, to);
}

/** The query as it was written, if HTTP can carry it; otherwise as the URL parser encodes it. */
function queryOf(reference: string, url: URL, base: FetchTarget | undefined): string {
  const [beforeFragment = ''] = reference.split('#', 1);
  const at = beforeFragment.indexOf('?');
  if (at === -1) return base !== undefined && url.search !== '' ? base.query : '';
  const written = beforeFragment.slice(at);
  if (written === '?') return '';
  return /^[!-~]*$/.test(written) ? written : url.search;
}

function credentialsOf(url: URL): string | undefined {
  if (url.username === '' && url.password === '') return undefined;
  const pair = `${decoded(url.username)}:${decoded(url.password)}`;
  return `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
