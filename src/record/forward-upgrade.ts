import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { answerInTime, collectBody, ending, noAnswer, type Forwarding } from './exchange.ts';
import { offeredProtocols } from '../wire/request-head.ts';
import {
  BETWEEN_NEIGHBOURS,
  headersOf,
  headText,
  readdressed,
  without,
  type RawHeaders,
} from './http-head.ts';
import { tunnel } from './tunnel.ts';
import { send } from './upstream.ts';

/** Without the first header, messages are not compressed and can be recorded. */
const NOT_PASSED_ON = ['sec-websocket-extensions', 'expect', 'http2-settings'];

/** How much a client may send before it is answered. */
const MOST_EARLY = 2 ** 16;

/** Passes on a WebSocket upgrade and everything that follows. Returns a function that cuts the connection. */
export function forwardUpgrade(
  exchange: Forwarding,
  request: IncomingMessage,
  client: Duplex,
  head: Buffer,
): () => void {
  const { upstream, clock, keepAudio, onFact } = exchange;
  const { isOver, finish } = ending(exchange);
  const { method = 'GET', url: target = '/' } = request;
  const headers = readdressed(toWebSocket(request), upstream.host, NOT_PASSED_ON);
  onFact({ kind: 'request', method, target, headers: headersOf(headers) });

  // A client that keeps its side open must not keep ours open: end() alone would wait for it.
  client.once('finish', () => {
    if (isOver()) client.destroy();
  });
  const refused = () => {
    onFact({ kind: 'end', by: 'server', how: 'refused', code: 1006 });
    finish();
  };
  const fail = (error: unknown) => {
    if (isOver()) return;
    const answer = noAnswer(upstream, error);
    onFact(answer);
    refused();
    client.end(`${headText(502, 'Bad Gateway', Object.entries(answer.headers).flat())}${answer.body}`);
  };
  let asked: ReturnType<typeof send>;
  try {
    const hasLength = method === 'GET' || 'content-length' in request.headers;
    // Without a length Node.js would announce a body.
    asked = send(upstream, method, target, hasLength ? headers : [...headers, 'Content-Length', '0']);
  } catch (error) {
    client.on('error', () => client.destroy());
    fail(error);
    return () => client.destroy();
  }
  const answered = answerInTime(clock, asked);
  const giveUp = () => {
    answered();
    asked.destroy();
    client.destroy();
  };
  const left = (how: 'fin' | 'reset') => () => {
    if (!isOver()) onFact({ kind: 'end', by: 'client', how, code: 1006 });
    finish();
    giveUp();
  };
  const onError = left('reset');
  const onClose = left('fin');
  // The client is already being read, to notice when it leaves; one that does not wait for the answer may send this
  // much.
  const early = [head];
  const onData = (bytes: Buffer) => {
    early.push(bytes);
    if (early.reduce((sum, { length }) => sum + length, 0) > MOST_EARLY) client.pause();
  };
  const waiting = { data: onData, end: onClose, close: onClose, error: onError };
  for (const [event, listener] of Object.entries(waiting)) client.on(event, listener);
  let cut = () => {
    finish();
    giveUp();
  };

  asked.on('error', (error) => {
    answered();
    fail(error);
  });
  asked.on('upgrade', (response, socket: Duplex, upstreamHead) => {
    answered();
    for (const [event, listener] of Object.entries(waiting)) client.off(event, listener);
    client.resume();
    const { statusCode: status = 101, statusMessage = '', rawHeaders } = response;
    onFact({ kind: 'response', status, headers: headersOf(rawHeaders) });
    client.write(headText(status, statusMessage, rawHeaders), 'latin1');
    const heads = { client: Buffer.concat(early), server: upstreamHead };
    cut = tunnel({ client, upstream: socket, heads, keepAudio, clock, onFact, onEnd: finish });
  });
  asked.on('response', (response) => {
    answered();
    const { statusCode: status = 502, statusMessage = '', rawHeaders } = response;
    const kept = without(rawHeaders, [...BETWEEN_NEIGHBOURS, 'transfer-encoding']);
    client.write(headText(status, statusMessage, [...kept, 'Connection', 'close']), 'latin1');
    collectBody(response, 'server', ({ body, facts }) => {
      if (isOver()) return;
      onFact({ kind: 'response', status, headers: headersOf(rawHeaders), ...body });
      facts.forEach(onFact);
      refused();
    });
    response.on('error', () => client.destroy());
    response.pipe(client);
  });
  asked.end();
  return () => cut();
}

/** Of several protocols that a client offers, only the one that can be recorded. */
function toWebSocket(request: IncomingMessage): RawHeaders {
  if (offeredProtocols(request).length === 1) return request.rawHeaders;
  return [...without(request.rawHeaders, ['upgrade']), 'Upgrade', 'websocket'];
}
