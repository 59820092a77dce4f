import { vendorOfLife } from '../../protocol/dialects.ts';
import type { Request, RequestHandler, Response, Router } from 'express';
import { messageOf } from '../../runtime/errors.ts';
import { version } from '../../runtime/version.ts';
import type { SessionLog } from '../journal/session-log.ts';
import type { Session } from '../open-session.ts';
import { fail, objectOf, only, READ } from './answers.ts';
import { MOST_FOLLOWERS, sendTrace } from './follow.ts';
import type { ControlOptions } from './options.ts';
import {
  CLOSE_CODES,
  HAPPENINGS,
  isCloseCode,
  LONGEST_REASON_BYTES,
  readMessage,
  readWait,
  WAIT,
} from './session-requests.ts';

const ABORTS = ['fin', 'reset', 'silence'] as const;
/** The last events that are reported with a wait that was not fulfilled. */
const TAIL = 20;
/** Waits at the same time, over all sessions. */
const MOST_WAITS = 1000;

type OfSession = RequestHandler<{ id: string }>;

/** What can be asked about one session, and done to it. */
export function sessionRoutes(api: Router, options: ControlOptions): void {
  api.route('/sessions').get(list(options)).all(only(READ));
  api.route('/sessions/:id').get(show(options)).all(only(READ));
  api.route('/sessions/:id/trace').get(trace(options)).all(only(READ));
  api.route('/sessions/:id/wait').get(wait(options)).all(only(READ));
  api.route('/sessions/:id/send').post(send(options)).all(only('POST'));
  api.route('/sessions/:id/close').post(close(options)).all(only('POST'));
  api.route('/sessions/:id/abort').post(abort(options)).all(only('POST'));
}

function list({ journal, open }: ControlOptions): RequestHandler {
  return (_request, response) => {
    const kept = journal.connections.flatMap(({ session }) => session ?? []);
    // With a full journal, or none, some are only known to be open.
    const others = open().filter(({ id }) => journal.get(id) === undefined);
    const sessions = [...kept, ...others].map((session) => describe(session, journal.get(session.id)));
    response.json({ sessions, requests: journal.requests.map(describeRequest) });
  };
}

function show({ journal, session }: ControlOptions): OfSession {
  return (request, response) => {
    const { id } = request.params;
    const found = session(id);
    const log = journal.get(id);
    if (found !== undefined) response.json(describe(found, log));
    else if (log !== undefined) response.json(describeRequest(log));
    else unknown(response);
  };
}

function trace({ journal, startedAt, wall }: ControlOptions): OfSession {
  let followers = 0;
  return (request, response) => {
    const log = journal.get(request.params.id);
    if (log === undefined) return unknown(response);
    const { follow = '' } = request.query;
    if (follow !== '' && follow !== '0' && follow !== '1') {
      return fail(response, 400, 'follow has an unknown value', 'follow=1, or nothing');
    }
    if (request.method === 'HEAD') return void response.type('application/x-ndjson').end();
    const tool = `asr-understudy ${version()}`;
    const header = { kind: 'trace', version: 1, tool, startedAt } as const;
    const follows = follow === '1';
    if (follows && followers >= MOST_FOLLOWERS) {
      return fail(
        response,
        429,
        'Too many readers follow sessions at the same time',
        `at most ${MOST_FOLLOWERS}`,
      );
    }
    if (follows) {
      followers += 1;
      response.once('close', () => (followers -= 1));
    }
    sendTrace(log, response, { header, follows, wall });
  };
}

function wait(options: ControlOptions): OfSession {
  let waits = 0;
  return async (request, response) => {
    const session = sessionOf(options, request, response);
    if (session === undefined) return;
    const wanted = readWait(request.query);
    if (wanted === undefined) return fail(response, 400, 'Invalid wait', WAIT);
    if (waits >= MOST_WAITS) {
      return fail(response, 429, 'Too many waits at the same time', `at most ${MOST_WAITS}`);
    }
    const leaving = new AbortController();
    response.on('close', () => leaving.abort());
    waits += 1;
    try {
      await session.received(wanted.what, { ...wanted, signal: leaving.signal });
      response.json({ session: session.id, for: wanted.what, count: session.count(wanted.what) });
    } catch (error) {
      if (response.destroyed) return;
      const tail = options.journal.get(session.id)?.tail(TAIL) ?? [];
      // Waiting longer cannot help once the session has ended.
      fail(response, session.isOpen ? 408 : 409, messageOf(error), undefined, { trace: tail });
    } finally {
      waits -= 1;
    }
  };
}

function send(options: ControlOptions): OfSession {
  return (request, response) => {
    const session = openSessionOf(options, request, response);
    if (session === undefined) return;
    const message = readMessage(request.body);
    if (message === undefined) {
      const expected = 'JSON, which is sent as it is; or {"text": "…"}, {"base64": "…"} or {"json": …}';
      return fail(response, 400, 'There is no message in the body', expected);
    }
    if (!session.isWritable) {
      return fail(response, 409, 'The session is closing, or silent', 'a session that is open');
    }
    session.send(message);
    const kind = typeof message === 'string' ? 'text' : 'binary';
    response.json({ sent: kind, byteCount: Buffer.byteLength(message) });
  };
}

function close(options: ControlOptions): OfSession {
  return (request, response) => {
    const session = openSessionOf(options, request, response);
    const body = session && objectOf(request.body, response);
    if (session === undefined || body === undefined) return;
    const { code = 1000, reason = '' } = body;
    if (!isCloseCode(code)) {
      return fail(response, 400, 'The code cannot be sent in a Close frame', CLOSE_CODES);
    }
    if (typeof reason !== 'string' || Buffer.byteLength(reason) > LONGEST_REASON_BYTES) {
      return fail(response, 400, 'The reason cannot be sent', `a text of ${LONGEST_REASON_BYTES} bytes`);
    }
    session.close(code, reason);
    response.json({ closing: code });
  };
}

function abort(options: ControlOptions): OfSession {
  return (request, response) => {
    const session = openSessionOf(options, request, response);
    const body = session && objectOf(request.body, response);
    if (session === undefined || body === undefined) return;
    const how = ABORTS.find((name) => name === body['how']);
    if (how === undefined) {
      return fail(response, 400, 'The body does not say how', `{"how": ${ABORTS.join('|')}}`);
    }
    session.abort(how);
    response.json({ aborted: how });
  };
}

/** The session of a request, or none after saying so. */
function sessionOf(
  { session, journal }: ControlOptions,
  request: Request<{ id: string }>,
  response: Response,
): Session | undefined {
  const { id } = request.params;
  const found = session(id);
  if (found !== undefined) return found;
  if (journal.get(id) === undefined) unknown(response);
  else
    fail(response, 409, 'This id belongs to an HTTP request, not to a connection', 'the id of a connection');
  return undefined;
}

function openSessionOf(
  options: ControlOptions,
  request: Request<{ id: string }>,
  response: Response,
): Session | undefined {
  const session = sessionOf(options, request, response);
  if (session === undefined || session.isOpen) return session;
  fail(response, 409, `The session has ended with ${session.closeCode ?? 0}`, 'a session that is open');
  return undefined;
}

function unknown(response: Response): void {
  const expected = 'an id of GET sessions; the journal keeps a limited number of them';
  fail(response, 404, 'Unknown session', expected);
}

function describe(session: Session, log: SessionLog | undefined): Readonly<Record<string, unknown>> {
  const { id, life, edition, language, scenario, isOpen, closeCode, audioMs, results } = session;
  const received = Object.fromEntries(HAPPENINGS.map((what) => [what, session.count(what)]));
  return {
    id,
    dialect: vendorOfLife(life),
    life,
    edition,
    // Whatever the client wrote there.
    ...(language === undefined || log === undefined ? {} : { language: log.redact(language) }),
    ...(scenario === undefined ? {} : { scenario }),
    isOpen,
    ...(closeCode === undefined ? {} : { closeCode }),
    audioMs,
    results,
    received,
    ...(log === undefined ? {} : { events: log.total, droppedEvents: log.dropped }),
  };
}

function describeRequest(log: SessionLog): Readonly<Record<string, unknown>> {
  const events = log.events();
  const request = events.find((event) => event.kind === 'request');
  const response = events.find((event) => event.kind === 'response');
  return {
    id: log.id,
    ...(request === undefined ? {} : { method: request.method, target: request.target }),
    ...(response === undefined ? {} : { status: response.status }),
  };
}
