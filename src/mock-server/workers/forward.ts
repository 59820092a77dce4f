import { request as askHttp, type IncomingHttpHeaders } from 'node:http';
import type { Request, RequestHandler, Response } from 'express';
import { fail, REQUEST_ID } from '../control/answers.ts';
import { CannotTell } from '../control/cannot-tell.ts';
import type { Member } from './crew.ts';
import type { Places } from './places.ts';
import { goneWith } from './remote-sessions.ts';

/** Headers about one connection or one body, which are made anew for the next. */
const HOP = [
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'content-encoding',
  'expect',
  'date',
];

/** Has calls about a session answered by the worker that has it, in whatever way that one answers them. */
export function forwarding(places: Places): RequestHandler {
  return (request, response, next) => {
    const { id = '' } = request.params as Readonly<Record<string, string>>;
    const loss = places.lossOf(id);
    if (loss !== undefined) throw goneWith(loss);
    const place = places.find(id);
    // The judges are in this process, which asks the other one for the events.
    if (place === undefined || request.path === '/judge') return next();
    forward(request, response, place.member);
  };
}

function forward(request: Request, response: Response, { socketPath, silence, name }: Member): void {
  const failed = () => {
    if (response.headersSent || response.destroyed) return void response.destroy();
    const reason: unknown = silence.reason;
    const { status, message, expected } =
      reason instanceof CannotTell
        ? reason
        : new CannotTell(504, `The worker ${name} does not answer`, 'another call later');
    fail(response, status, { error: message, expected });
  };
  if (silence.aborted) return failed();
  const body = typeof request.body === 'string' ? request.body : '';
  const headers = { ...without(request.headers), [REQUEST_ID]: response.getHeader(REQUEST_ID) as string };
  const { method, originalUrl: path } = request;
  const asked = askHttp({ socketPath, method, path, headers, agent: false, signal: silence }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, without(answer.headers));
    answer.on('error', () => void response.destroy());
    answer.pipe(response);
  });
  asked.on('error', failed);
  // Whoever asked has left, and waits for nothing any more.
  response.on('close', () => void asked.destroy());
  asked.end(body);
}

function without(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP.includes(name)));
}
