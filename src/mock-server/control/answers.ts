import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import { CannotTell } from './cannot-tell.ts';

/** The longest body of most calls of the control API. */
export const LONGEST_BODY_BYTES = 2 ** 20;

/** The header with the name of a request, both in the request and in its answer. */
export const REQUEST_ID = 'x-request-id';

/** Why a request is refused, and what would be accepted. */
export interface Rejection {
  readonly error: string;
  readonly expected?: string;
}

/** Answers with an error of the control API. What the caller sent is not repeated: it may be a secret. */
export function fail(
  response: Response,
  status: number,
  { error, expected }: Rejection,
  more: Readonly<Record<string, unknown>> = {},
): void {
  response.status(status).json({
    error,
    ...(expected === undefined ? {} : { expected }),
    ...more,
    requestId: response.getHeader(REQUEST_ID),
  });
}

/** Answers with the allowed methods. */
export function notAllowed(response: Response, methods: string): void {
  response.set('allow', methods);
  fail(response, 405, { error: 'Method not allowed', expected: methods });
}

/** A name that a caller may give a request: letters, digits and `. _ : -`. */
const OWN_ID = /^[\w.:-]{1,128}$/;

/**
 * Gives each request the name that its caller chose, or a number; it appears in the header of the answer and in errors.
 */
export function naming(): RequestHandler {
  let requests = 0;
  return (request, response, next) => {
    const own = request.get(REQUEST_ID) ?? '';
    response.set(REQUEST_ID, OWN_ID.test(own) ? own : `c${(requests += 1)}`);
    next();
  };
}

/** Answers errors of reading a request, which have a status, and faults of our own. */
export const failed: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (response.headersSent) return next(error);
  if (error instanceof CannotTell) {
    return fail(response, error.status, { error: error.message, expected: error.expected });
  }
  const status = statusOf(error);
  switch (status) {
    case 413:
      // The rest of the body is not read, so the connection cannot be used again.
      response.set('connection', 'close');
      return fail(response, 413, {
        error: 'The body is too long',
        expected: `at most ${limitOf(error)} bytes`,
      });
    case 415:
      return fail(response, 415, {
        error: 'The encoding of the body is not supported',
        expected: 'JSON in UTF-8',
      });
    case 400:
      return fail(response, 400, {
        error: 'The request cannot be read',
        expected: 'a path in percent-encoding',
      });
    default:
      fail(response, 500, { error: 'Internal error' });
  }
};

function limitOf(error: unknown): number {
  const limit = typeof error === 'object' && error !== null && 'limit' in error ? error.limit : undefined;
  return typeof limit === 'number' ? limit : LONGEST_BODY_BYTES;
}

function statusOf(error: unknown): number {
  if (error instanceof URIError) return 400;
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  return typeof status === 'number' ? status : 500;
}
