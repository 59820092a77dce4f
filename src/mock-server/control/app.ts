import express, { type Express, type RequestHandler } from 'express';
import { closest } from '../../runtime/closest.ts';
import { isDeeperThan } from '../../runtime/json/depth.ts';
import { CONTROL_PATH } from '../addresses.ts';
import { failed, fail, LONGEST_BODY_BYTES, objectOf, only } from './answers.ts';
import { newGuard } from './guard.ts';
import { healthRoutes } from './health.ts';
import type { ControlOptions } from './options.ts';
import { RESET_PARTS, partsOf, type ResetPart, type ResetParts } from './reset.ts';
import { sessionRoutes } from './sessions.ts';
import { stateRoutes } from './state.ts';

/** The maximum nesting of lists and objects, since writing them again recurses. */
const DEEPEST_BODY = 100;

/** The control API: everything that a test in any language can do with the fake, apart from connecting to it. */
export function controlApp(options: ControlOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  const open = express.Router({ caseSensitive: true });
  const api = express.Router({ caseSensitive: true });
  app.use(CONTROL_PATH, open, guarded(options), text, json, api);
  app.use(failed);

  healthRoutes(open);
  sessionRoutes(api, options);
  stateRoutes(api, options);

  api
    .route('/assignments/:token')
    .put((request, response) => {
      const { scenario } = objectOf(request.body, response) ?? {};
      if (response.headersSent) return;
      const { hasScenario, scenarios, assignments } = options;
      if (typeof scenario !== 'string' || !hasScenario(scenario)) {
        const names = scenarios().map(({ name }) => name);
        const meant = typeof scenario === 'string' ? closest(scenario, names) : undefined;
        const hint = meant === undefined ? '' : ` (did you mean ${meant}?)`;
        return fail(response, 400, `Unknown scenario${hint}`, '{"scenario": a name of GET scenarios}');
      }
      if (!assignments.set(request.params.token, scenario)) {
        return fail(response, 409, 'There are too many assignments', 'DELETE or POST reset before');
      }
      response.json({ scenario });
    })
    .delete((request, response) => {
      if (options.assignments.delete(request.params.token)) return void response.status(204).end();
      fail(response, 404, 'The token has no assignment');
    })
    .all(only('PUT, DELETE'));

  api
    .route('/reset')
    .post(async (request, response) => {
      const body = objectOf(request.body, response);
      if (body === undefined) return;
      const parts = readParts(body);
      if (parts === undefined) {
        return fail(
          response,
          400,
          'Unknown part',
          `an object with true or false for ${RESET_PARTS.join(', ')}; empty for all of them`,
        );
      }
      await options.reset(parts);
      response.json({ reset: partsOf(parts) });
    })
    .all(only('POST'));

  api.use((_request, response) => fail(response, 404, 'Not found', 'see docs/control-api.md'));
  return app;
}

function guarded(options: ControlOptions): RequestHandler {
  const guard = newGuard(options.host, options.token);
  return (request, response, next) => {
    const denial = guard(request.headers);
    if (denial === undefined) return next();
    if (denial.status === 401) response.set('www-authenticate', 'Bearer');
    fail(response, denial.status, denial.error, denial.expected);
  };
}

/** Whatever the content type, the body must be JSON: `curl -d` declares a form. */
const text = express.text({ limit: LONGEST_BODY_BYTES, type: () => true });

const json: RequestHandler = (request, response, next) => {
  const body: unknown = request.body;
  if (typeof body === 'string' && isDeeperThan(body, DEEPEST_BODY)) {
    const expected = `at most ${DEEPEST_BODY} lists and objects in each other; {"text": "…"} sends any text as it is`;
    return fail(response, 400, 'The body is nested too deep', expected);
  }
  try {
    const value: unknown = typeof body === 'string' && body !== '' ? JSON.parse(body) : undefined;
    request.body = value;
  } catch {
    return fail(response, 400, 'The body is not JSON', 'JSON in UTF-8');
  }
  next();
};

/** Undefined for a part that does not exist, and for a value that is neither true nor false. */
function readParts(body: Readonly<Record<string, unknown>>): ResetParts | undefined {
  const parts: Partial<Record<ResetPart, boolean>> = {};
  for (const [name, value] of Object.entries(body)) {
    const part = RESET_PARTS.find((known) => known === name);
    if (part === undefined || typeof value !== 'boolean') return undefined;
    parts[part] = value;
  }
  return parts;
}
