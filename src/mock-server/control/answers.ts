import type { ErrorRequestHandler, RequestHandler, Response } from 'express';

/** The methods of what is only looked at. */
export const READ = 'GET, HEAD';

export const LONGEST_BODY_BYTES = 2 ** 20;

/** Answers with an error of the control API. What the caller sent is not repeated: it may be a secret. */
export function fail(
  response: Response,
  status: number,
  error: string,
  expected?: string,
  more: Readonly<Record<string, unknown>> = {},
): void {
  response.status(status).json({ error, ...(expected === undefined ? {} : { expected }), ...more });
}

/** Answers with the allowed methods. */
export function only(methods: string): RequestHandler {
  return (_request, response) => {
    response.set('allow', methods);
    fail(response, 405, 'Method not allowed', methods);
  };
}

/** The body as an object; without a body an empty one. Answers and returns undefined when it is something else. */
export function objectOf(body: unknown, response: Response): Readonly<Record<string, unknown>> | undefined {
  if (body === undefined) return {};
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return { ...body };
  fail(response, 400, 'The body is not a JSON object', 'a JSON object');
  return undefined;
}

/** Errors of reading a request (they have a status), and our own. */
export const failed: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (response.headersSent) return next(error);
  const status = statusOf(error);
  switch (status) {
    case 413:
      // The rest of the body is not read, so the connection cannot be used again.
      response.set('connection', 'close');
      return fail(response, 413, 'The body is too long', `at most ${LONGEST_BODY_BYTES} bytes`);
    case 415:
      return fail(response, 415, 'The encoding of the body is not supported', 'JSON in UTF-8');
    case 400:
      return fail(response, 400, 'The request cannot be read', 'a path in percent-encoding');
    default:
      fail(response, 500, 'Internal error');
  }
};

function statusOf(error: unknown): number {
  if (error instanceof URIError) return 400;
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  return typeof status === 'number' ? status : 500;
}
