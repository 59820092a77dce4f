import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import type { ServiceStatus } from '../../protocol/scriptix/service.ts';
import { messageOf, UserError } from '../../runtime/errors.ts';
import { dialectAt, notFound } from '../dialects/dialect.ts';
import { placeOf } from '../selection/asked.ts';
import { asScenario } from './as-scenario.ts';
import { selectedFor } from './selected.ts';
import { answerAs, editionsOf, editionsOrDefault, only, problem } from './answers.ts';
import type { RestOptions } from './options.ts';
import { recordingRoute, reson8Routes } from './reson8/routes.ts';
import type { Service } from './service.ts';

/** Bodies of requests hardly matter here, so a long one is a mistake. */
const LONGEST_BODY_BYTES = 1_048_576;

const API = '/api/v4/realtime';

/** The messages of S3:106-128, and of the answer to initialize (S3:60). */
const MESSAGES: Readonly<Record<ServiceStatus, string>> = {
  ready: 'Realtime service is ready',
  scaled_down: 'Realtime service is scaled down. Call /initialize to start it.',
  starting: 'Realtime service is starting up',
};
const INITIALIZED = 'Realtime service is ready for connections';

/** Everything that is plain HTTP: the Scriptix REST API of S3, and clear answers to all other requests. */
export function restApp(options: RestOptions): Express {
  const { keys, scenarios } = options;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('case sensitive routing', true);
  app.use(cors);
  const { before } = options;
  if (before !== undefined) app.use((_request, _response, next) => before().then(() => next(), next));
  recordingRoute(app, options);
  app.use(shortBody(options));

  const statusBody = (service: Service, request: Request, message: string) => ({
    status: service.status,
    message,
    ready: service.status === 'ready',
    endpoint: endpointOf(request),
  });

  const api = {
    dialect: 'scriptix-rest',
    tokenOf: ({ headers }: Request) => keyOf(headers),
    keys,
  } as const;
  const serviceOf = (request: Request): Service =>
    selectedFor(request)?.service ?? scenarios.serviceOf(keyOf(request.headers));

  app
    .route(`${API}/initialize`)
    .post(asScenario(options, api, 'initialize'), async (request, response) => {
      const service = serviceOf(request);
      switch (keys(keyOf(request.headers))) {
        case 'missing':
        case 'unknown':
        case 'expired':
          return detail(response, 401, 'Not authenticated');
        case 'user':
          return detail(response, 403, 'Not enough permissions');
        case 'admin':
      }
      switch (await service.initialize()) {
        case 'starts':
          return void response.json({
            ...statusBody(service, request, INITIALIZED),
            status: 'ready',
            ready: true,
          });
        case 'answers-at-once':
          return void response.json(statusBody(service, request, MESSAGES[service.status]));
        case 'fails-to-start':
          return detail(response, 503, 'Realtime service failed to start');
        case 'breaks':
          return detail(response, 500, 'Failed to initialize realtime service: the fake was asked to break');
      }
    })
    .all(only('POST', options));

  app
    .route(`${API}/status`)
    .get(asScenario(options, api, 'status'), (request, response) => {
      const service = serviceOf(request);
      const verdict = keys(keyOf(request.headers));
      if (verdict !== 'admin' && verdict !== 'user') return detail(response, 401, 'Not authenticated');
      response.json(statusBody(service, request, MESSAGES[service.status]));
    })
    .all(only('GET, HEAD', options));

  reson8Routes(app, options);

  app.use((request, response) => {
    const dialect = dialectAt(options.dialects, request.path);
    if (dialect === undefined || dialect.isServed?.(request.path, editionsOf(options, request)) === false) {
      options.onNotFound(request);
      return answerAs(options, request, response, notFound(options.dialects, request.path));
    }
    response.set({ upgrade: 'websocket', connection: 'upgrade, close' });
    const answer = dialect.problem(426, 'This is a WebSocket endpoint: connect with ws:// or wss://');
    answerAs(options, request, response, answer);
  });
  app.use(failed(options));
  return app;
}

/** Those with keys, and those that choose a scenario and an edition. */
const ALLOWED_HEADERS =
  'x-zoom-s2t-key, authorization, content-type, x-understudy-scenario, x-understudy-edition';

/** Browsers ask before they send a key header to another origin, which the fake always is. */
const cors: RequestHandler = (request, response, next) => {
  response.set('access-control-allow-origin', '*');
  response.set('access-control-expose-headers', 'retry-after');
  response.set('access-control-max-age', '600');
  if (request.method !== 'OPTIONS') return next();
  response.set('access-control-allow-methods', 'GET, HEAD, POST, OPTIONS');
  response.set('access-control-allow-headers', ALLOWED_HEADERS);
  response.status(204).end();
};

function shortBody(options: RestOptions): RequestHandler {
  return (request, response, next) => {
    const length = Number(request.headers['content-length'] ?? 0);
    if (length <= LONGEST_BODY_BYTES) return next();
    // The rest of the body is not read, so the connection cannot be used again.
    response.set('connection', 'close');
    problem(options, request, response, 413, `The body is longer than ${LONGEST_BODY_BYTES} bytes`);
  };
}

function failed(options: RestOptions): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    const answer = (status: number, message: string) =>
      problem(options, request, response, status, message, editionsOrDefault(options, request));
    if (error instanceof UserError) return answer(400, error.message);
    // Express throws this for a path that cannot be decoded.
    if (error instanceof URIError) return answer(400, 'The path is not valid');
    // Its words depend on the version of Node.js.
    if (error instanceof SyntaxError) return answer(400, 'The body is not JSON');
    // And this for a form that is too long, or is not a form; anything else is a fault of the fake.
    const status = error instanceof Error && 'status' in error ? Number(error.status) : 500;
    if ((status >= 400 && status < 500) || status === 503) return answer(status, messageOf(error));
    answer(500, `Internal error: ${messageOf(error)}`);
  };
}

/** `x-zoom-s2t-key` as in S3:11, or the bearer form of another page of the vendor. */
function keyOf(headers: Readonly<Record<string, string | string[] | undefined>>): string | undefined {
  const key = headers['x-zoom-s2t-key'];
  if (typeof key === 'string' && key !== '') return key;
  const authorization = headers['authorization'];
  return typeof authorization === 'string' ? /^Bearer +(\S+)$/i.exec(authorization)?.[1] : undefined;
}

/** The socket, at the address under which the client has reached us. */
function endpointOf(request: Request): string {
  const { scheme, host } = placeOf(request);
  return `${scheme}://${host}/v2/realtime`;
}

function detail(response: Response, status: number, message: string): void {
  response.status(status).json({ detail: message });
}
