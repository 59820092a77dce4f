import { createHash } from 'node:crypto';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { Clock } from '../../runtime/clock.ts';
import { trusted } from '../../runtime/network/trust.ts';
import { EXPECTS_TLS, failureOf, isForTls } from '../../runtime/network/unreachable.ts';
import { readBody } from '../../wire/read-body.ts';
import type { TraceFact } from '../../wire/trace.ts';
import { Gathering } from './gathering.ts';

/** A request, and how to record it. */
export interface ExchangeOptions {
  /** http, https, ws or wss. */
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent with its length, whatever the headers say. The trace contains only its length. */
  readonly body?: Uint8Array | undefined;
  readonly clock: Clock;
  /** Real time allowed for the answer. */
  readonly limitMs: number;
  readonly record: (fact: TraceFact) => void;
  readonly signal?: AbortSignal | undefined;
}

/** The result of a request. `failed` has the code of the system, such as ECONNREFUSED, `TIMEOUT` or `EXPECTS_TLS`. */
export type Exchange =
  | {
      readonly kind: 'upgraded';
      readonly socket: Socket;
      readonly head: Buffer;
      /** The headers of the answer. */
      readonly headers: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'answered'; readonly status: number; readonly body: string }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

/** Longer bodies are cut off. Compressed bodies are not read, and never inflated beyond this. */
const LONGEST_BODY_BYTES = 2 ** 20;
/** What a request waits for, in order. */
type Stage = 'connection' | 'end of the TLS handshake' | 'answer';

/** RFC 6455, 1.3. */
const ACCEPT_SUFFIX = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** Sends a request, and records it and its answer. Never throws, and never waits beyond the limit. */
export function exchange(options: ExchangeOptions): Promise<Exchange> {
  const { url, method, headers, clock, limitMs, record, signal } = options;
  const { protocol, host, hostname, port, pathname, search } = new URL(url);
  const secure = protocol === 'wss:' || protocol === 'https:';
  const { body } = options;
  const length = body === undefined ? {} : { 'content-length': String(body.length) };
  const sent = { host, ...headers, ...length };
  record({ kind: 'request', method, target: `${pathname}${search}`, headers: sent });
  return new Promise((resolve) => {
    let isSettled = false;
    const settle = (result: Exchange) => {
      if (isSettled) return;
      isSettled = true;
      cancel();
      signal?.removeEventListener('abort', abort);
      resolve(result);
    };
    const request = (secure ? httpsRequest : httpRequest)({
      method,
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? (secure ? 443 : 80) : Number(port),
      path: `${pathname}${search}`,
      headers: sent,
      agent: false,
      ...(secure ? { secureContext: trusted(), ALPNProtocols: ['http/1.1'] } : {}),
    });
    let awaited: Stage = 'connection';
    request.on('socket', (socket) => {
      socket.once('connect', () => (awaited = secure ? 'end of the TLS handshake' : 'answer'));
      socket.once('secureConnect', () => (awaited = 'answer'));
    });
    const fail = (code: string, message: string, how: 'refused' | 'fin' | 'reset' | 'silence') => {
      if (isSettled) return;
      request.destroy();
      const by = how === 'silence' || code === 'ABORTED' ? 'client' : 'server';
      record({ kind: 'end', by, how, code: 1006 });
      settle({ kind: 'failed', code, message });
    };
    const abort = () => {
      if (!isSettled) record({ kind: 'note', message: 'the run ended here', dropped: 1 });
      fail('ABORTED', `no ${awaited} when the run was stopped`, 'silence');
    };
    const cancel = clock.at(clock.now() + limitMs, () =>
      fail('TIMEOUT', `no ${awaited} within ${limitMs} ms`, 'silence'),
    );
    if (signal?.aborted === true) return abort();
    signal?.addEventListener('abort', abort);
    request.on('error', (error) => {
      if (isSettled) return;
      const { code, message } = failureOf(error);
      if (code.startsWith('HPE_') || code === EXPECTS_TLS)
        record({ kind: 'fault', from: 'server', message: `not HTTP: ${code}` });
      fail(code, message, howOf(code, message));
    });
    request.on('upgrade', (response: IncomingMessage, socket: Socket, head: Buffer) => {
      if (isSettled) return socket.destroy();
      // Without a listener an error would end the process.
      socket.on('error', () => undefined);
      const answered = headersOf(response);
      record({ kind: 'response', status: 101, headers: answered });
      const expected = acceptOf(headers['sec-websocket-key'] ?? '');
      if (response.headers['sec-websocket-accept'] !== expected) {
        record({
          kind: 'fault',
          from: 'server',
          message: 'handshake: the Sec-WebSocket-Accept does not belong to our key',
        });
      }
      settle({ kind: 'upgraded', socket, head, headers: answered });
    });
    request.on('response', (response) => {
      // The timeout stays, because a body may never end.
      const gathered = new Gathering(LONGEST_BODY_BYTES);
      const done = () => {
        if (isSettled) return;
        const headers = headersOf(response);
        const read = readBody(gathered.bytes, headers['content-encoding'], 'server', LONGEST_BODY_BYTES);
        const body = read.bytes === undefined ? '' : Buffer.from(read.bytes).toString();
        const status = response.statusCode ?? 0;
        const isThere = body !== '' || (read.bytes !== undefined && gathered.bytes.length > 0);
        record({ kind: 'response', status, headers, ...(isThere ? { body } : {}) });
        read.facts.forEach(record);
        record({ kind: 'end', by: 'server', how: 'refused', code: 1006 });
        settle(
          !secure && isForTls(status, body)
            ? { kind: 'failed', code: EXPECTS_TLS, message: `HTTP ${status}: TLS is expected` }
            : { kind: 'answered', status, body },
        );
        request.destroy();
      };
      response.on('data', (chunk: Buffer) => {
        if (!gathered.push(chunk)) done();
      });
      response.on('end', done);
      response.on('error', (error) => {
        const { code, message } = failureOf(error);
        fail(code, message, 'reset');
      });
      response.on('aborted', done);
    });
    request.end(body);
  });
}

function howOf(code: string, message: string): 'refused' | 'fin' | 'reset' {
  if (message === 'socket hang up') return 'fin';
  return code === 'ECONNRESET' ? 'reset' : 'refused';
}

function headersOf({ rawHeaders }: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] ?? '').toLowerCase();
    const value = rawHeaders[i + 1] ?? '';
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return headers;
}

function acceptOf(key: string): string {
  return createHash('sha1')
    .update(key + ACCEPT_SUFFIX)
    .digest('base64');
}
