import type { IncomingMessage } from 'node:http';
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import type { Dialect } from '../../protocol/dialects.ts';
import type { EditionNames } from '../../protocol/editions.ts';
import type { Clock } from '../../runtime/clock.ts';
import { messageOf, UserError } from '../../runtime/errors.ts';
import { sleep } from '../../runtime/wait.ts';
import { endTcp } from '../../wire/tcp.ts';
import { dialectAt, notFound, ownerOf, type HttpAnswer, type ServerDialect } from '../dialects/dialect.ts';
import type { Keys } from '../dialects/keys.ts';
import type { Call, RestScenarios } from './scenarios.ts';
import { filledBody, filledTexts } from '../../scenario/placeholders.ts';
import { askedBy, placeOf } from '../selection/asked.ts';
import { editionsFor } from '../selection/editions.ts';
import { answerText, encodedText } from '../upgrade/answer.ts';
import type { Service, ServiceStatus } from './service.ts';

/** Bodies of requests mean nothing to this API, so a long one is a mistake. */
const LONGEST_BODY_BYTES = 1_048_576;

const API = '/api/v4/realtime';

/** The messages of S3:106-128, and of initialize's own answer (S3:60). */
const MESSAGES: Readonly<Record<ServiceStatus, string>> = {
  ready: 'Realtime service is ready',
  scaled_down: 'Realtime service is scaled down. Call /initialize to start it.',
  starting: 'Realtime service is starting up',
};
const INITIALIZED = 'Realtime service is ready for connections';

export interface RestOptions {
  readonly scenarios: RestScenarios;
  readonly clock: Clock;
  readonly keys: Keys;
  readonly dialects: readonly ServerDialect[];
  /** Of requests that name none. */
  readonly editions: EditionNames;
  /** There is nothing at the path of a request. */
  readonly onNotFound: (request: IncomingMessage) => void;
}

/** Everything that is plain HTTP: the Scriptix REST API of S3, and clear answers to all other requests. */
export function restApp(options: RestOptions): Express {
  const { keys } = options;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('case sensitive routing', true);
  app.use(cors, shortBody);

  const editionsOf = (request: Request, dialect: Dialect) => {
    const query = new URL(request.url, 'http://any').searchParams;
    return editionsFor(dialect, { query, headers: request.headers }, undefined, options.editions);
  };
  const statusBody = (service: Service, request: Request, message: string) => ({
    status: service.status,
    message,
    ready: service.status === 'ready',
    endpoint: endpointOf(request),
  });

  app
    .route(`${API}/initialize`)
    .post(asScenario(options, 'initialize'), async (request, response) => {
      const service = serviceOf(response);
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
          return detail(response, 500, 'Failed to initialize realtime service: the fake was told to break');
      }
    })
    .all(only('POST'));

  app
    .route(`${API}/status`)
    .get(asScenario(options, 'status'), (request, response) => {
      const service = serviceOf(response);
      const verdict = keys(keyOf(request.headers));
      if (verdict !== 'admin' && verdict !== 'user') return detail(response, 401, 'Not authenticated');
      response.json(statusBody(service, request, MESSAGES[service.status]));
    })
    .all(only('GET, HEAD'));

  app.use((request, response) => {
    const dialect = dialectAt(options.dialects, request.path);
    const form = dialect ?? ownerOf(options.dialects, request.path);
    const editions = form === undefined ? options.editions : editionsOf(request, form.name);
    const answerIn = (answer: HttpAnswer) => {
      const { status, headers = {}, body } = form?.inEdition?.(answer, editions, 'call') ?? answer;
      response.status(status).set(headers).json(body);
    };
    if (dialect === undefined || dialect.isServed?.(request.path, editions) === false) {
      options.onNotFound(request);
      return answerIn(notFound(options.dialects, request.path));
    }
    response.set({ upgrade: 'websocket', connection: 'upgrade, close' });
    answerIn(dialect.problem(426, 'This is a WebSocket endpoint: connect with ws:// or wss://'));
  });
  app.use(failed);
  return app;
}

/** Answers a call as the selected scenario says, or leaves it to what follows, with the service of that scenario. */
function asScenario({ scenarios, clock, keys }: RestOptions, call: Call): RequestHandler {
  return async (request, response, next) => {
    const token = keyOf(request.headers);
    const query = new URL(request.url, 'http://any').searchParams;
    const selected = await scenarios.select({ query, headers: request.headers, token });
    setService(response, selected?.service ?? scenarios.serviceOf(token));
    const answer = selected?.answer(call) ?? 'as-documented';
    if (answer === 'as-documented') return next();
    // The caller hears nothing until it gives up or the server stops.
    if (answer === 'hang') return;
    if (answer === 'drop') return endTcp(request.socket, 'fin');
    if (answer === 'reset') return endTcp(request.socket, 'reset');
    const { status, afterMs } = answer;
    const asked = askedBy(request, query, keys(token));
    const headers = filledTexts(answer.headers, asked);
    const body = filledBody(answer.body, asked);
    if (afterMs > 0) await later(clock, afterMs, response);
    if (response.destroyed) return;
    if (status === undefined) return next();
    response.status(status).set(headers);
    if (body === undefined) return void response.end();
    if (response.hasHeader('content-encoding')) {
      if (!response.hasHeader('content-type')) response.type(typeof body === 'string' ? 'html' : 'json');
      return void response.send(encodedText(answerText({ status, body }), headers));
    }
    if (typeof body === 'string') return void response.send(body);
    response.json(body);
  };
}

/** Waits for scenario time, or for the client to go away. */
function later(clock: Clock, afterMs: number, response: Response): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return sleep(clock, afterMs, gone.signal);
}

function setService(response: Response, service: Service): void {
  response.locals['service'] = service;
}

function serviceOf(response: Response): Service {
  return response.locals['service'] as Service;
}

/** Browsers ask before they send a key header from another origin (the fake is always another origin). */
const cors: RequestHandler = (request, response, next) => {
  response.set('access-control-allow-origin', '*');
  response.set('access-control-max-age', '600');
  if (request.method !== 'OPTIONS') return next();
  response.set('access-control-allow-methods', 'GET, HEAD, POST, OPTIONS');
  response.set('access-control-allow-headers', 'x-zoom-s2t-key, authorization, content-type');
  response.status(204).end();
};

const shortBody: RequestHandler = (request, response, next) => {
  const length = Number(request.headers['content-length'] ?? 0);
  if (length <= LONGEST_BODY_BYTES) return next();
  // The rest of the body is not read, so the connection cannot be used again.
  response.set('connection', 'close');
  detail(response, 413, `The body is longer than ${LONGEST_BODY_BYTES} bytes`);
};

const failed: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (response.headersSent) return next(error);
  if (error instanceof UserError) return detail(response, 400, error.message);
  // Express throws this for a path that cannot be decoded; anything else is a fault of the fake.
  const status = error instanceof URIError ? 400 : 500;
  detail(response, status, status === 400 ? 'The path is not valid' : `Internal error: ${messageOf(error)}`);
};

function only(methods: string): RequestHandler {
  return (_request, response) => {
    response.set('allow', `${methods}, OPTIONS`);
    detail(response, 405, 'Method Not Allowed');
  };
}

/** `x-zoom-s2t-key` as S3:11 has it, or the bearer form of another page of the vendor. */
function keyOf(headers: Readonly<Record<string, string | string[] | undefined>>): string | undefined {
  const key = headers['x-zoom-s2t-key'];
  if (typeof key === 'string' && key !== '') return key;
  const authorization = headers['authorization'];
  return typeof authorization === 'string' ? /^Bearer +(\S+)$/i.exec(authorization)?.[1] : undefined;
}

/** The socket, where the client has reached us. */
function endpointOf(request: Request): string {
  const { scheme, host } = placeOf(request);
  return `${scheme}://${host}/v2/realtime`;
}

function detail(response: Response, status: number, message: string): void {
  response.status(status).json({ detail: message });
}
