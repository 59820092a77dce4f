import type { Request, Response, Router } from 'express';
import { parseDuration } from '../../runtime/duration.ts';
import { messageOf } from '../../runtime/errors.ts';
import { version } from '../../runtime/version.ts';
import type { TraceHeader } from '../../wire/trace.ts';
import type { ControlOptions } from './app.ts';
import { fail, objectOf, only } from './answers.ts';
import { sendTrace } from './follow.ts';
import type { Happening, Session } from '../open-session.ts';
import type { SessionLog } from '../journal/session-log.ts';
import { dialectOf } from '../journal/tally.ts';

const READ = 'GET, HEAD';
const HAPPENINGS: readonly Happening[] = ['start', 'audio', 'flush', 'stop', 'close', 'frame'];
const ABORTS = ['fin', 'reset', 'silence'] as const;
/** Events that are told with a wait in vain. */
const TAIL = 20;
const LONGEST_WAIT_MS = 600_000;
const MOST_COUNT = 1_000_000_000;
/** Waits at the same time, over all sessions. */
const MOST_WAITS = 1000;
const LONGEST_REASON_BYTES = 123;

/** What can be asked about one session, and done to it. */
export function sessionRoutes(api: Router, options: ControlOptions): void {
  const { journal } = options;
  let waits = 0;

  /** The session of a request, or none after saying so. */
  const sessionOf = (request: Request<{ id: string }>, response: Response): Session | undefined => {
    const { id } = request.params;
    const session = options.session(id);
    if (session !== undefined) return session;
    if (journal.get(id) === undefined) unknown(response);
    else fail(response, 409, 'This is a plain HTTP request', 'the id of a connection');
    return undefined;
  };
  const openSessionOf = (request: Request<{ id: string }>, response: Response): Session | undefined => {
    const session = sessionOf(request, response);
    if (session === undefined || session.isOpen) return session;
    fail(response, 409, `The session has ended with ${session.closeCode ?? 0}`, 'a session that is open');
    return undefined;
  };

  api
    .route('/sessions')
    .get((_request, response) => {
      const kept = journal.connections.flatMap(({ session }) => session ?? []);
      // With a full journal, or none, some are only known to be open.
      const others = options.open().filter(({ id }) => journal.get(id) === undefined);
      const sessions = [...kept, ...others].map((session) => describe(session, journal.get(session.id)));
      response.json({ sessions, requests: journal.requests.map(describeRequest) });
    })
    .all(only(READ));

  api
    .route('/sessions/:id')
    .get((request, response) => {
      const { id } = request.params;
      const session = options.session(id);
      const log = journal.get(id);
      if (session !== undefined) response.json(describe(session, log));
      else if (log !== undefined) response.json(describeRequest(log));
      else unknown(response);
    })
    .all(only(READ));

  api
    .route('/sessions/:id/trace')
    .get((request, response) => {
      const log = journal.get(request.params.id);
      if (log === undefined) return unknown(response);
      const { follow = '' } = request.query;
      if (follow !== '' && follow !== '0' && follow !== '1') {
        return fail(response, 400, 'follow has an unknown value', 'follow=1, or nothing');
      }
      const header: TraceHeader = {
        kind: 'trace',
        version: 1,
        tool: `asr-understudy ${version()}`,
        startedAt: options.startedAt,
      };
      if (request.method === 'HEAD') return void response.type('application/x-ndjson').end();
      sendTrace(log, response, { header, follows: follow === '1', wall: options.wall });
    })
    .all(only(READ));

  api
    .route('/sessions/:id/wait')
    .get(async (request, response) => {
      const session = sessionOf(request, response);
      if (session === undefined) return;
      const wanted = readWait(request.query);
      if (wanted === undefined) {
        const expected = `for=${HAPPENINGS.join('|')}, count=1 to ${MOST_COUNT}, timeout=5s (at most 10m)`;
        return fail(response, 400, 'The wait is not valid', expected);
      }
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
        const log = journal.get(session.id);
        // What has ended does not get better by waiting longer.
        const status = session.isOpen ? 408 : 409;
        fail(response, status, messageOf(error), undefined, { trace: log?.tail(TAIL) ?? [] });
      } finally {
        waits -= 1;
      }
    })
    .all(only(READ));

  api
    .route('/sessions/:id/send')
    .post((request, response) => {
      const session = openSessionOf(request, response);
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
    })
    .all(only('POST'));

  api
    .route('/sessions/:id/close')
    .post((request, response) => {
      const session = openSessionOf(request, response);
      const body = session && objectOf(request.body, response);
      if (session === undefined || body === undefined) return;
      const { code = 1000, reason = '' } = body;
      if (!isCloseCode(code)) {
        const expected = '1000 to 1003, 1007 to 1014 or 3000 to 4999';
        return fail(response, 400, 'The code cannot be sent in a Close frame', expected);
      }
      if (typeof reason !== 'string' || Buffer.byteLength(reason) > LONGEST_REASON_BYTES) {
        return fail(response, 400, 'The reason cannot be sent', `a text of ${LONGEST_REASON_BYTES} bytes`);
      }
      session.close(code, reason);
      response.json({ closing: code });
    })
    .all(only('POST'));

  api
    .route('/sessions/:id/abort')
    .post((request, response) => {
      const session = openSessionOf(request, response);
      const body = session && objectOf(request.body, response);
      if (session === undefined || body === undefined) return;
      const how = ABORTS.find((name) => name === body['how']);
      if (how === undefined) {
        return fail(response, 400, 'The body does not say how', `{"how": ${ABORTS.join('|')}}`);
      }
      session.abort(how);
      response.json({ aborted: how });
    })
    .all(only('POST'));
}

function unknown(response: Response): void {
  const expected = 'an id of GET sessions; the journal keeps a limited number of them';
  fail(response, 404, 'There is no such session', expected);
}

function describe(session: Session, log: SessionLog | undefined): Readonly<Record<string, unknown>> {
  const { id, life, language, scenario, isOpen, closeCode, audioMs, results } = session;
  const received = Object.fromEntries(HAPPENINGS.map((what) => [what, session.count(what)]));
  return {
    id,
    dialect: dialectOf(life),
    life,
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

interface Wait {
  readonly what: Happening;
  readonly count: number;
  readonly timeoutMs: number;
}

function readWait(query: Request['query']): Wait | undefined {
  const { for: named, count: times = '1', timeout = '5s', ...others } = query;
  const what = HAPPENINGS.find((happening) => happening === named);
  const count = typeof times === 'string' && /^\d{1,10}$/.test(times) ? Number(times) : 0;
  const timeoutMs = typeof timeout === 'string' ? parseDuration(timeout) : undefined;
  if (what === undefined || timeoutMs === undefined || Object.keys(others).length > 0) return undefined;
  if (count < 1 || count > MOST_COUNT || timeoutMs > LONGEST_WAIT_MS) return undefined;
  return { what, count, timeoutMs };
}

/**
 * A JSON body is the message. One key alone means something else: `text` a text as it is, `base64` bytes, and `json`
 * a message that would be mistaken for one of these.
 */
function readMessage(body: unknown): string | Uint8Array | undefined {
  if (body === undefined) return undefined;
  const entries =
    typeof body === 'object' && body !== null && !Array.isArray(body) ? Object.entries(body) : [];
  const [[name, value] = []] = entries as readonly [string, unknown][];
  if (entries.length === 1) {
    if (name === 'json') return JSON.stringify(value);
    if (name === 'text') return typeof value === 'string' ? value : undefined;
    if (name === 'base64') return typeof value === 'string' ? readBase64(value) : undefined;
  }
  return JSON.stringify(body);
}

function readBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  // Node skips what it cannot read; this notices.
  return bytes.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '') ? bytes : undefined;
}

/** What `ws` sends and RFC 6455 lets be sent. */
function isCloseCode(code: unknown): code is number {
  if (typeof code !== 'number' || !Number.isInteger(code)) return false;
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}
