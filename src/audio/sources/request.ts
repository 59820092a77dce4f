import { lookup } from 'node:dns/promises';
import {
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { canonicalAddress } from '../../runtime/network/address.ts';
import type { Clock } from '../../runtime/clock.ts';
import { trusted } from '../../runtime/network/trust.ts';
import { allowed, type AllowList } from './allow.ts';
import { connectToRadio } from './icy.ts';
import { networkProblem } from './network-problem.ts';
import type { SourceLimits } from './limits.ts';
import { problem } from './problem.ts';
import { authorityOf, describe, type FetchTarget } from './target.ts';

/** The options that all requests of a source share. */
export interface RequestContext {
  readonly allow: AllowList;
  readonly clock: Clock;
  /** Ends all pending operations, which then throw the signal's reason. */
  readonly signal: AbortSignal;
  readonly limits: SourceLimits;
  /** Resolves a host name to addresses; by default with the operating system. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
  /** Certificate authorities to trust for https, as PEM, instead of those that are trusted otherwise. */
  readonly ca?: string;
}

/** Part of a resource, in bytes. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/** Which part of a resource to take. */
export interface Portion {
  /** More bytes than this are a SourceError `invalid`. */
  readonly limitBytes: number;
  /** For the whole body, from its first wait; if undefined, only each wait is limited. */
  readonly wholeMs?: number;
  readonly range?: ByteRange | undefined;
}

/** The headers of an answer, and its unread body. */
export interface Answer {
  readonly response: IncomingMessage;
  /** Destroys the connection, whether or not it was read, and stops listening to the signal. May be called again. */
  close(): void;
}

/**
 * Sends one GET and waits for the headers of the answer, whatever its status. The host is resolved first and the
 * connection is made to the addresses that were checked, so a name that changes in between gains nothing.
 *
 * @throws SourceError `invalid` (unreachable or not allowed) or `timeout`
 */
export function get(
  target: FetchTarget,
  context: RequestContext,
  range: ByteRange | undefined,
): Promise<Answer> {
  const { clock, signal, limits } = context;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    let request: ClientRequest | undefined;
    let waiting = true;
    const close = () => {
      waiting = false;
      cancel();
      signal.removeEventListener('abort', abort);
      request?.destroy();
    };
    const fail = (error: unknown) => {
      if (!waiting) return;
      close();
      reject(networkProblem(error, target, false));
    };
    const abort = () => {
      if (!waiting) return close();
      close();
      // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- the caller chose the reason
      reject(signal.reason);
    };
    const cancel = clock.at(clock.now() + limits.headersMs, () =>
      fail(
        problem('timeout', `${describe(target)} did not answer within ${seconds(limits.headersMs)} seconds`),
      ),
    );
    signal.addEventListener('abort', abort, { once: true });
    const sent = addressesOf(target, context).then((addresses) => {
      if (!waiting) return;
      request = send(target, addresses, range, context.ca);
      request.on('error', fail);
      // A connection that closes without an answer or an error has returned an invalid answer, such as 101.
      request.on('close', () =>
        fail(problem('invalid', `${describe(target)} closed the connection without an answer`)),
      );
      request.on('response', (response) => {
        waiting = false;
        cancel();
        // Without a listener, an error of an abandoned body would end the process.
        response.on('error', () => undefined);
        resolve({ response, close });
      });
    });
    sent.catch(fail);
  });
}

function send(
  target: FetchTarget,
  addresses: readonly string[],
  range: ByteRange | undefined,
  ca: string | undefined,
): ClientRequest {
  const { host, port } = target;
  const lookup = alreadyLookedUp(addresses);
  const options: RequestOptions = {
    host,
    port,
    path: target.path + target.query,
    lookup,
    headers: {
      host: authorityOf(target),
      'user-agent': 'asr-understudy',
      accept: '*/*',
      'accept-encoding': 'identity',
      ...(target.authorization !== undefined && { authorization: target.authorization }),
      ...(range !== undefined && { range: `bytes=${range.offset}-${range.offset + range.length - 1}` }),
    },
  };
  // A separate connection, closed after the answer, so nothing stays open after the session.
  if (target.scheme === 'https') {
    const trust = ca === undefined ? { secureContext: trusted() } : { ca };
    return httpsRequest({ ...options, ...trust, agent: false }).end();
  }
  const createConnection = () => connectToRadio({ host, port, lookup });
  return httpRequest({ ...options, createConnection }).end();
}

/** The addresses of the target that may be connected to, at least one. */
async function addressesOf(target: FetchTarget, context: RequestContext): Promise<readonly string[]> {
  const { host, port } = target;
  const found = isIP(host) === 0 ? await (context.resolve ?? systemAddresses)(host) : [host];
  const open = found.filter((address) => allowed(context.allow, host, port, address));
  if (open.length > 0) return open;
  if (found.length === 0) throw problem('invalid', `the host of ${describe(target)} has no address`);
  // The name is permitted but its address is private: the address itself has to be permitted.
  const publicOnly = isIP(host) === 0 && context.allow.names.length > 0;
  throw problem(
    'invalid',
    `${describe(target)} is not allowed: ${context.allow.loopback ? 'streams are only fetched from loopback' : 'for a page of another origin, or on a server that others can reach, nothing is fetched'} unless the server is started ` +
      `with --allow-url ${canonicalAddress(host)?.text ?? host}${publicOnly ? ' (and for a private address: with that address)' : ''}`,
  );
}

async function systemAddresses(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

/** Replaces Node's look-up, so that there is no second one. */
function alreadyLookedUp(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_host, options, callback) => {
    const first = all[0];
    if (options.all === true || first === undefined) callback(null, all);
    else callback(null, first.address, first.family);
  };
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
