import type { Request, Response, Router } from 'express';
import type { z } from 'zod';
import { isDeeperThan } from '../../runtime/json/depth.ts';
import { isFields } from '../../runtime/json/fields.ts';
import { fail, notAllowed } from './answers.ts';
import { grouped } from '../../runtime/grouped.ts';
import { misfitsOf } from './misfit.ts';

/** What a part of a request must be, and the answer when it is not. */
export interface Part<Value> {
  readonly schema: z.ZodType<Value>;
  /** In words and examples. */
  readonly expected: string;
  /** What is wrong with a body that does not fit; left out for an object, where the keys that do not fit are named. */
  readonly wrong?: string;
  /** The body is read as plain text, not as JSON. */
  readonly isText?: true;
  /** What such a body may contain, by content type. */
  readonly contents?: Readonly<Record<string, z.ZodType>>;
}

/** An answer with a given status. */
export interface AnswerForm {
  readonly means: string;
  /** JSON if there is a schema, otherwise text. */
  readonly schema?: z.ZodType;
  readonly type?: string;
}

/** The parts of a request, checked and typed. */
export interface Asked<Query, Body> {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
}

/** A call of the control API. Requests are checked with the same schemas that the document of the API shows. */
export interface CallForm<Query, Body> {
  readonly method: 'get' | 'put' | 'post' | 'delete';
  /** Below the path of the control API, with parameters such as `:id`. */
  readonly path: string;
  readonly does: string;
  readonly query?: Part<Query>;
  readonly body?: Part<Body>;
  /** By status. Errors have one form for all calls, so here a line describes each. */
  readonly answers: Readonly<Record<number, AnswerForm>>;
  readonly errors?: Readonly<Record<number, string>>;
  readonly answer: (asked: Asked<Query, Body>, response: Response, request: Request) => void | Promise<void>;
}

/** A call of the control API, ready to be routed and documented. */
export interface Call extends Omit<CallForm<unknown, unknown>, 'answer'> {
  readonly handle: (request: Request, response: Response) => void | Promise<void>;
}

/** Makes a call of the control API from its form, with the types of its query and body. */
export function call<Query = undefined, Body = undefined>(form: CallForm<Query, Body>): Call {
  const { query, body, answer, ...rest } = form;
  return {
    ...rest,
    ...(query === undefined ? {} : { query }),
    ...(body === undefined ? {} : { body }),
    handle(request, response) {
      const asked = readQuery(query, request, response);
      const sent = asked && readBody(body, request, response);
      if (asked === undefined || sent === undefined) return;
      const params = request.params as Readonly<Record<string, string>>;
      // Without a schema the type is `undefined`, which the compiler cannot know here.
      return answer({ params, query: asked.value as Query, body: sent.value as Body }, response, request);
    },
  };
}

/** Passes requests to the calls; a request with another method is answered with the allowed ones. */
export function addCalls(router: Router, calls: readonly Call[]): void {
  for (const [path, ofPath] of grouped(calls, (each) => each.path)) {
    const route = router.route(path);
    for (const { method, handle } of ofPath) route[method](handle);
    const methods = ofPath.map(({ method }) => (method === 'get' ? 'GET, HEAD' : method.toUpperCase()));
    route.all((_request, response) => notAllowed(response, methods.join(', ')));
  }
}

/** The maximum nesting of lists and objects, since writing them again recurses. */
export const DEEPEST_BODY = 100;

interface Fit<Value> {
  readonly value: Value | undefined;
}

function readQuery<Value>(
  part: Part<Value> | undefined,
  request: Request,
  response: Response,
): Fit<Value> | undefined {
  // Calls without parameters ignore whatever is given.
  if (part === undefined) return { value: undefined };
  // A parameter without a value counts as absent.
  const given = Object.entries(request.query).filter(([, value]) => value !== '');
  return fit(part, Object.fromEntries(given), response, 'parameter');
}

function readBody<Value>(
  part: Part<Value> | undefined,
  request: Request,
  response: Response,
): Fit<Value> | undefined {
  const text = typeof request.body === 'string' ? request.body : '';
  if (part?.isText === true) return fit(part, text, response);
  const parsed = parse(text, response);
  if (parsed === undefined || part === undefined) return parsed && { value: undefined };
  if (part.wrong !== undefined) return fit(part, parsed.value, response);
  const value = parsed.value === undefined ? {} : parsed.value;
  if (isFields(value)) return fit(part, value, response);
  fail(response, 400, { error: 'The body is not a JSON object', expected: 'a JSON object' });
  return undefined;
}

function fit<Value>(
  { schema, expected, wrong }: Part<Value>,
  given: unknown,
  response: Response,
  what: 'key' | 'parameter' = 'key',
): Fit<Value> | undefined {
  const read = schema.safeParse(given);
  if (read.success) return { value: read.data };
  fail(response, 400, { error: wrong ?? misfitsOf(read.error.issues, given, what), expected });
  return undefined;
}

/** The body must be JSON whatever the content type says: `curl -d` declares a form. */
function parse(text: string, response: Response): Fit<unknown> | undefined {
  if (text === '') return { value: undefined };
  if (isDeeperThan(text, DEEPEST_BODY)) {
    const expected = `at most ${DEEPEST_BODY} levels of lists and objects; {"text": "…"} sends any text unchanged`;
    fail(response, 400, { error: 'The body is nested too deeply', expected });
    return undefined;
  }
  try {
    const value: unknown = JSON.parse(text);
    return { value };
  } catch {
    fail(response, 400, { error: 'The body is not JSON', expected: 'JSON in UTF-8' });
    return undefined;
  }
}
