import type { IncomingMessage, ServerResponse } from 'node:http';
import { atEndOfTurn } from '../runtime/turn.ts';
import type { TraceFact } from '../wire/trace.ts';
import {
  answerInTime,
  collectBody,
  ending,
  NO_BODY,
  noAnswer,
  type CollectedBody,
  type Forwarding,
} from './exchange.ts';
import { BETWEEN_NEIGHBOURS, headersOf, readdressed, without } from './http-head.ts';
import { isAsked, passOnLeading, type Leading } from './leading.ts';
import { send } from './upstream.ts';

/** Offers of another protocol are not passed on, because its data could not be recorded. */
const NOT_PASSED_ON = [...BETWEEN_NEIGHBOURS, 'upgrade', 'http2-settings'];

/** Passes on a plain HTTP request and its answer. Returns a function that aborts the exchange. */
export function forwardRequest(
  exchange: Forwarding,
  leading: Leading,
  request: IncomingMessage,
  response: ServerResponse,
): () => void {
  const { upstream, clock, onFact } = exchange;
  const { isOver, finish } = ending(exchange);
  const { method = 'GET', url: target = '/' } = request;
  const headers = readdressed(request.rawHeaders, upstream.host, NOT_PASSED_ON);
  // The request comes first in the trace, even if the answer arrives before the whole request was sent.
  let isTold = false;
  const tell = ({ body, facts }: CollectedBody) => {
    if (!isTold && !isOver()) {
      onFact({ kind: 'request', method, target, headers: headersOf(headers), ...body });
      facts.forEach(onFact);
    }
    isTold = true;
  };
  const fail = (error: unknown) => {
    if (isOver()) return;
    tell(NO_BODY);
    const answer = noAnswer(upstream, error);
    onFact(answer);
    finish();
    // The rest of the request has nowhere to go.
    request.unpipe();
    request.resume();
    response.writeHead(502, answer.headers).end(answer.body);
  };
  const hasBody = 'content-length' in request.headers || 'transfer-encoding' in request.headers;
  let asked: ReturnType<typeof send>;
  try {
    // Without a length Node.js would announce a body.
    asked = send(upstream, method, target, hasBody ? headers : [...headers, 'Content-Length', '0']);
  } catch (error) {
    fail(error);
    return () => response.destroy();
  }
  const answered = answerInTime(clock, asked);
  asked.on('error', (error) => {
    answered();
    if (response.headersSent) response.destroy();
    else fail(error);
  });
  response.on('close', () => {
    answered();
    if (isOver() || response.writableFinished) return;
    tell(NO_BODY);
    onFact({ kind: 'end', by: 'client', how: 'fin', code: 1006 });
    finish();
    asked.destroy();
  });
  asked.on('response', (answer) => {
    answered();
    const { statusCode: status = 502, statusMessage = '', rawHeaders } = answer;
    tell(NO_BODY);
    let isBroken = false;
    answer.on('error', () => (isBroken = true));
    const held = isAsked(leading, target)
      ? passOnLeading(leading, request.headers.host, answer, response)
      : undefined;
    if (held === undefined)
      response.writeHead(status, statusMessage, without(rawHeaders, BETWEEN_NEIGHBOURS));
    collectBody(answer, 'server', ({ body, facts }) => {
      if (isOver()) return;
      onFact({ kind: 'response', status, headers: headersOf(rawHeaders), ...body });
      facts.forEach(onFact);
      if (held?.past !== undefined) onFact(leadsPast(held.past));
      if (isBroken) onFact({ kind: 'end', by: 'server', how: 'reset', code: 1006 });
      finish();
      // Waits until the client has received everything that arrived.
      if (isBroken) atEndOfTurn(() => response.destroy());
    });
    if (held === undefined) answer.pipe(response);
  });
  collectBody(request, 'client', tell);
  request.pipe(asked);
  return () => {
    finish();
    answered();
    asked.destroy();
    response.destroy();
  };
}

function leadsPast(origin: string): TraceFact {
  const message = `(recorder) the answer leads past the recorder, to ${origin}: with --upstream ${origin}, what follows is recorded`;
  return { kind: 'note', message };
}
