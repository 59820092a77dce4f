import express, { type Express, type RequestHandler } from 'express';
import type { Clock, ManualClock } from '../../runtime/clock.ts';
import { closest } from '../../runtime/closest.ts';
import { isDeeperThan } from '../../runtime/json-depth.ts';
import { version } from '../../runtime/version.ts';
import type { Assignments } from '../selection/assignments.ts';
import { CONTROL_PATH } from '../addresses.ts';
import { failed, fail, LONGEST_BODY_BYTES, objectOf, only } from './answers.ts';
import { newGuard } from './guard.ts';
import { sessionRoutes } from './sessions.ts';
import type { Journal } from '../journal/journal.ts';
import type { Session } from '../open-session.ts';
import { RESET_PARTS, partsOf, type ResetPart, type ResetParts } from './reset.ts';
import type { InitializeOutcome, Service, ServiceStatus } from '../rest/service.ts';
import type { Tally } from '../journal/tally.ts';

/** A scenario as `GET scenarios` has it. */
export interface ScenarioEntry {
  readonly name: string;
  readonly dialect?: string;
  readonly summary?: string;
}

export interface ControlOptions {
  /** The address that the server listens on. */
  readonly host: string;
  readonly token: string | undefined;
  readonly clock: ManualClock;
  readonly clockMode: 'real' | 'manual';
  /** Real time. */
  readonly wall: Clock;
  readonly journal: Journal;
  readonly tally: Tally;
  /** The time of day at scenario time 0, ISO 8601. */
  readonly startedAt: string;
  /** The sessions that are open. */
  readonly open: () => readonly Session[];
  /** An open session, or one that has ended and is in the journal. */
  readonly session: (id: string) => Session | undefined;
  readonly service: Service;
  readonly assignments: Assignments;
  readonly hasScenario: (name: string) => boolean;
  readonly scenarios: () => readonly ScenarioEntry[];
  readonly reset: (parts: ResetParts) => Promise<void>;
}

const READ = 'GET, HEAD';
const STATES: readonly ServiceStatus[] = ['ready', 'scaled_down', 'starting'];
const OUTCOMES: readonly InitializeOutcome[] = ['starts', 'fails-to-start', 'breaks'];
const LONGEST_ADVANCE_MS = 86_400_000;
/** Lists and objects in each other; what is written down again calls itself for each of them. */
const DEEPEST_BODY = 100;

/** The control API: what a test in any language does with the fake, besides connecting to it. */
export function controlApp(options: ControlOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  const api = express.Router({ caseSensitive: true });
  app.use(CONTROL_PATH, guarded(options), text, json, api);
  app.use(failed);

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
        return fail(
          response,
          400,
          `There is no such scenario${hint}`,
          '{"scenario": a name of GET scenarios}',
        );
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
          'The body names something else',
          `an object with true or false for ${RESET_PARTS.join(', ')}; empty for all of them`,
        );
      }
      await options.reset(parts);
      response.json({ reset: partsOf(parts) });
    })
    .all(only('POST'));

  api.use((_request, response) =>
    fail(response, 404, 'There is nothing here', 'see the README, Control API'),
  );
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

/** Whatever the content type: it is JSON or a mistake, and `curl -d` says that it is a form. */
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

type Routes = ReturnType<typeof express.Router>;

/** The parts of the server that are not about one session. */
function stateRoutes(api: Routes, options: ControlOptions): void {
  const { clock, clockMode, service } = options;
  api
    .route('/clock')
    .get((_request, response) => void response.json({ mode: clockMode, nowMs: clock.now() }))
    .all(only(READ));
  api
    .route('/clock/advance')
    .post(async (request, response) => {
      const body = objectOf(request.body, response);
      if (body === undefined) return;
      const { ms } = body;
      if (typeof ms !== 'number' || !(ms >= 0 && ms <= LONGEST_ADVANCE_MS)) {
        return fail(response, 400, 'There is no time in the body', `{"ms": 0 to ${LONGEST_ADVANCE_MS}}`);
      }
      if (clockMode !== 'manual') {
        return fail(response, 409, 'The clock runs by itself', 'a server started with --clock manual');
      }
      await clock.advance(ms);
      response.json({ mode: clockMode, nowMs: clock.now() });
    })
    .all(only('POST'));

  api
    .route('/service')
    .get((_request, response) => void response.json({ state: service.status }))
    .put((request, response) => {
      const body = objectOf(request.body, response);
      if (body === undefined) return;
      const state = STATES.find((name) => name === body['state']);
      const outcome = OUTCOMES.find((name) => name === (body['onInitialize'] ?? 'starts'));
      if (state === undefined || outcome === undefined) {
        const expected = `{"state": ${STATES.join('|')}, "onInitialize": ${OUTCOMES.join('|')} (optional)}`;
        return fail(response, 400, 'The body names no state, or an unknown outcome', expected);
      }
      service.set(state, outcome);
      response.json({ state: service.status });
    })
    .all(only(`${READ}, PUT`));

  api
    .route('/scenarios')
    .get((_request, response) => void response.json({ scenarios: options.scenarios() }))
    .all(only(READ));
  api
    .route('/health')
    .get((_request, response) => {
      const openSessions = options.open().length;
      response.json({ status: 'ok', name: 'asr-understudy', version: version(), openSessions });
    })
    .all(only(READ));
  api
    .route('/metrics')
    .get(async (_request, response) => {
      const { metricsText } = await import('../journal/metrics.ts');
      const { tally, journal, open } = options;
      const text = await metricsText({ tally, messages: journal.messages, open: open(), journal });
      response.type('text/plain; version=0.0.4; charset=utf-8').send(text);
    })
    .all(only(READ));
}

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
