import express, { type Express, type RequestHandler } from 'express';
import { CONTROL_PATH } from '../addresses.ts';
import { actionCalls } from './sessions/actions.ts';
import { failed, fail, LONGEST_BODY_BYTES, naming } from './answers.ts';
import { addCalls, type Call } from './call.ts';
import { documentCall } from './document.ts';
import { newGuard } from './guard.ts';
import { healthCalls } from './health.ts';
import { holdCalls } from './sessions/holds.ts';
import { judgeCalls } from './judge/calls.ts';
import { LONGEST_TRACE_BYTES } from './judge/judging.ts';
import type { ControlOptions } from './options.ts';
import { addPage } from './page.ts';
import { scenarioFileCalls } from './scenarios/files.ts';
import { scenarioCalls } from './scenarios/scenarios.ts';
import { sessionCalls } from './sessions/sessions.ts';
import { stateCalls } from './state.ts';
import { eventCalls } from './streams/events.ts';
import { verifyCalls } from './verify.ts';

/** The control API: everything that a test in any language can do with the fake, apart from connecting to it. */
export function controlApp(options: ControlOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  const open = express.Router({ caseSensitive: true });
  const api = express.Router({ caseSensitive: true });
  app.use(CONTROL_PATH, naming(), open, guarded(options), file, text, api);
  app.use(failed);

  const openCalls = healthCalls(options);
  const calls = callsOf(options);
  addCalls(open, openCalls);
  if (options.page) addPage(open);
  const { before } = options;
  if (before !== undefined) api.use((_request, _response, next) => before().then(() => next(), next));
  if (options.elsewhere !== undefined) api.use('/sessions/:id', options.elsewhere);
  if (options.events !== undefined) api.use('/events', options.events);
  addCalls(api, [...calls, documentCall(openCalls, calls)]);
  api.use((_request, response) =>
    fail(response, 404, { error: 'Not found', expected: 'see docs/control-api.md' }),
  );
  return app;
}

function callsOf(options: ControlOptions): readonly Call[] {
  return [
    ...[
      sessionCalls,
      eventCalls,
      actionCalls,
      holdCalls,
      verifyCalls,
      scenarioCalls,
      stateCalls,
      judgeCalls,
      scenarioFileCalls,
    ],
  ].flatMap((calls) => calls(options));
}

function guarded(options: ControlOptions): RequestHandler {
  const guard = newGuard(options.host, options.token);
  return (request, response, next) => {
    const denial = guard(request.headers);
    if (denial === undefined) return next();
    if (denial.status === 401) response.set('www-authenticate', 'Bearer');
    fail(response, denial.status, denial);
  };
}

/** Traces are longer than the bodies of other calls. */
const file = express.text({ limit: LONGEST_TRACE_BYTES, type: ({ url = '' }) => /^\/judge(\?|$)/.test(url) });
const text = express.text({ limit: LONGEST_BODY_BYTES, type: () => true });
