import { request as askHttp, type IncomingHttpHeaders } from 'node:http';
import type { Request, Response } from 'express';
import { fail, REQUEST_ID } from './answers.ts';
import { CannotTell } from './cannot-tell.ts';

/** Another process that answers calls. */
export interface PassedTo {
  readonly at: { readonly socketPath: string } | { readonly host: string; readonly port: string };
  /** Left out: that of the caller. */
  readonly path?: string;
  /** Added to what the caller has sent. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Aborted while it does not answer. */
  readonly silence: AbortSignal;
  /** The error when it does not answer for another reason. */
  readonly failed: (error: Error) => CannotTell | Promise<CannotTell>;
}

/** Headers about one connection or one body, which are not passed on. */
const HOP = [
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'content-encoding',
  'expect',
  'date',
];

/** Has a call answered by another process, and passes on its answer unchanged. */
export function passOn(request: Request, response: Response, to: PassedTo): void {
  const { silence, at, failed } = to;
  const tell = async (error: Error) => {
    if (response.headersSent || response.destroyed) return void response.destroy();
    const reason: unknown = silence.reason;
    const told = reason instanceof CannotTell ? reason : await failed(error);
    fail(response, told.status, { error: told.message, expected: told.expected });
  };
  if (silence.aborted) return void tell(new Error('silent'));
  const body = typeof request.body === 'string' ? request.body : '';
  const headers = {
    ...without(request.headers),
    ...to.headers,
    [REQUEST_ID]: response.getHeader(REQUEST_ID) as string,
  };
  const { method, originalUrl } = request;
  const path = to.path ?? originalUrl;
  const asked = askHttp({ ...at, method, path, headers, agent: false, signal: silence }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, without(answer.headers));
    answer.on('error', () => void response.destroy());
    answer.pipe(response);
  });
  asked.on('error', (error) => void tell(error));
  // The caller has left, and no longer waits.
  response.on('close', () => void asked.destroy());
  asked.end(body);
}

function without(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP.includes(name)));
}
