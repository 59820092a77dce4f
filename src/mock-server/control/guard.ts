import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isLoopback } from '../../runtime/network/address.ts';

/** Why a request may not use the control API. */
export interface Denial {
  readonly status: 401 | 403;
  readonly error: string;
  readonly expected: string;
}

/** Returns why a request may not use the control API; undefined if it may. */
export type Guard = (headers: IncomingHttpHeaders) => Denial | undefined;

/**
 * Decides who may use the control API of a server that listens on `host`. On loopback this is everyone on this machine
 * except pages in a browser, unless the server itself has delivered the page: a foreign page sends its own `Origin`,
 * and one whose name has been pointed to loopback (DNS rebinding) sends its own `Host`. Elsewhere it is anyone who
 * knows the token; without a token, no one.
 */
export function newGuard(host: string, token: string | undefined): Guard {
  const isLocal = isLoopback(host);
  const wanted = token === undefined ? undefined : digest(token);
  return ({ host: named = '', origin, authorization = '' }) => {
    if (isLocal && !isLoopback(named)) {
      return {
        status: 403,
        error: 'The Host header names another machine',
        expected: 'localhost, 127.0.0.1 or [::1]',
      };
    }
    if (wanted !== undefined) {
      const [, given = ''] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
      // Digests have equal lengths and do not reveal the position of the first wrong character.
      if (timingSafeEqual(digest(given), wanted)) return undefined;
    }
    if (isLocal && origin !== undefined && !isOwn(origin, named)) {
      return {
        status: 403,
        error: 'The request comes from a page of another origin',
        expected: 'no Origin header, or the origin of this server',
      };
    }
    if (wanted !== undefined) {
      return {
        status: 401,
        error: 'The control token is missing or wrong',
        expected: 'Authorization: Bearer, and the token of --control-token',
      };
    }
    if (isLocal) return undefined;
    return {
      status: 403,
      error: 'The control API is off: the server listens on more than loopback and has no control token',
      expected: 'a server started with --control-token (or --host 127.0.0.1)',
    };
  };
}

/** Whether a page comes from the host and port that it is asking. */
function isOwn(origin: string, host: string): boolean {
  return ['http', 'https'].some((scheme) => origin.toLowerCase() === `${scheme}://${host.toLowerCase()}`);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
