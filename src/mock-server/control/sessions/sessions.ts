import { z } from 'zod';
import { messageOf } from '../../../runtime/errors.ts';
import { version } from '../../../runtime/version.ts';
import { NothingCame } from '../../session/handout.ts';
import { HAPPENINGS } from '../../open-session.ts';
import { FILTER_DIALECTS } from '../../session-filter.ts';
import { fail, notAllowed } from '../answers.ts';
import { call, type Call } from '../call.ts';
import { CannotTell } from '../cannot-tell.ts';
import { describeRequest, describeSession } from '../describe.ts';
import { MOST_FOLLOWERS, sendTrace } from '../streams/follow.ts';
import { NO_SESSION, nothingKept, sessionFor, unknownSession } from './named-session.ts';
import { sessionCall } from './session-call.ts';
import type { ControlOptions } from '../options.ts';
import { requestShape, sessionShape } from '../shapes.ts';
import { MOST_COUNT, WAIT_TIME, waitTime, whole, wholeIn } from '../values.ts';
import { tooManyWaits, Waits } from '../waits.ts';

/** The last events that are reported with a wait that was not fulfilled. */
const TAIL = 20;

/** What can be asked about sessions. */
export function sessionCalls(options: ControlOptions): readonly Call[] {
  const waits = new Waits();
  return [
    list(options),
    next(options, waits),
    show(options),
    trace(options),
    wait(options, waits),
    count(options),
  ];
}

/** The maximum number of connections in one answer, which is also what the journal keeps unless set otherwise. */
const MOST_LISTED = 1000;

function list({ requests, list }: ControlOptions): Call {
  return call({
    method: 'get',
    path: '/sessions',
    does: 'The open connections, and the closed ones that are still remembered',
    query: {
      schema: z.strictObject({
        token: z.string().optional().describe('Only those of clients with this token, or made from this key'),
        dialect: z.enum(FILTER_DIALECTS).optional(),
        scenario: z.string().optional().describe('Connections that select no scenario have happy-path'),
        open: z
          .enum(['true', 'false'])
          .transform((text) => text === 'true')
          .optional(),
        limit: wholeIn(1, MOST_LISTED).optional().describe('At most this many connections'),
        after: z
          .string()
          .regex(/^s\d{1,15}$/)
          .optional()
          .describe('Only those that came after this one'),
      }),
      expected: `token=, scenario=, dialect=${FILTER_DIALECTS.join('|')}, open=true|false, limit=1 to ${MOST_LISTED}, after= an id such as s7`,
    },
    answers: {
      200: {
        means: 'Connections and, without parameters, HTTP requests, each in the order in which they came',
        schema: z.strictObject({
          sessions: z.array(sessionShape),
          requests: z.array(requestShape).optional(),
          next: z.string().optional().describe('There are more: the value of after= for the next ones'),
        }),
      },
    },
    async answer({ query }, response) {
      const { sessions, next } = await list(query);
      response.json({
        sessions,
        ...(Object.keys(query).length > 0 ? {} : { requests: await requests() }),
        ...(next === undefined ? {} : { next }),
      });
    },
  });
}

function next({ nextSession }: ControlOptions, waits: Waits): Call {
  return call({
    method: 'get',
    path: '/sessions/next',
    does: 'The oldest connection that has not been handed out yet, or else the next one that arrives',
    query: {
      schema: z.strictObject({
        token: z.string().optional().describe('Only for a client with this token, or made from this key'),
        timeout: waitTime,
      }),
      expected: `token= (any), ${WAIT_TIME}`,
    },
    answers: { 200: { means: 'It is handed out once, to this caller or to another', schema: sessionShape } },
    errors: { 408: 'None came in time, or before a reset', 429: 'Too many waits at the same time' },
    async answer({ query: { token, timeout } }, response, request) {
      // The caller has left, so the session would be handed out to no one.
      if (request.method === 'HEAD') return notAllowed(response, 'GET');
      const wanted = { timeoutMs: timeout, ...(token === undefined ? {} : { token }) };
      try {
        const isOver = await waits.wait(response, async (signal) => {
          response.json(await nextSession({ ...wanted, signal }));
        });
        if (!isOver) tooManyWaits(response);
      } catch (error) {
        if (error instanceof CannotTell) throw error;
        if (!response.destroyed) fail(response, 408, { error: whyNone(error) });
      }
    },
  });
}

/** A caller over HTTP has not called the function that the error names. */
function whyNone(error: unknown): string {
  if (!(error instanceof NothingCame)) return messageOf(error);
  return `${error.why.charAt(0).toUpperCase()}${error.why.slice(1)}`;
}

function show({ journal, session }: ControlOptions): Call {
  return call({
    method: 'get',
    path: '/sessions/:id',
    does: 'A connection, or an HTTP request',
    answers: {
      200: { means: 'The connection or the request', schema: z.union([sessionShape, requestShape]) },
    },
    errors: { 404: NO_SESSION[404] },
    answer({ params: { id = '' } }, response) {
      const found = session(id);
      const log = journal.get(id);
      if (found !== undefined) response.json(describeSession(found, log));
      else if (log !== undefined) response.json(describeRequest(log));
      else unknownSession(response);
    },
  });
}

function trace({ journal, session, startedAt, wall }: ControlOptions): Call {
  let followers = 0;
  return call({
    method: 'get',
    path: '/sessions/:id/trace',
    does: 'Everything that crossed the wire, without keys; follow=1 continues until the session ends',
    query: {
      schema: z.strictObject({
        follow: z.enum(['0', '1']).default('0'),
        audio: z
          .literal('levels')
          .optional()
          .describe('With follow=1: lines of kind levels, with the power of each 20 ms of audio as it comes'),
        from: wholeIn(0, MOST_COUNT).default(0).describe('The first event to return, counted from 0'),
        count: wholeIn(1, MOST_COUNT).optional().describe('At most this many; not with follow=1'),
      }),
      expected: 'follow=1, audio=levels, from= the number of an event, counted from 0, count= how many',
    },
    answers: {
      200: { means: 'A trace, one JSON object per line', type: 'application/x-ndjson', schema: z.string() },
    },
    errors: { 404: NO_SESSION[404], 429: 'Too many readers follow sessions at the same time' },
    answer({ params: { id = '' }, query }, response, request) {
      const log = journal.get(id);
      if (log === undefined) return nothingKept({ session }, id, response);
      if (request.method === 'HEAD') return void response.type('application/x-ndjson').end();
      const tool = `asr-understudy ${version()}`;
      const header = { kind: 'trace', version: 1, tool, startedAt } as const;
      const follows = query.follow === '1';
      if (follows && followers >= MOST_FOLLOWERS) {
        return fail(response, 429, {
          error: 'Too many readers follow sessions at the same time',
          expected: `at most ${MOST_FOLLOWERS}`,
        });
      }
      if (follows) {
        followers += 1;
        response.once('close', () => (followers -= 1));
      }
      sendTrace(log, response, {
        header,
        follows,
        withLevels: follows && query.audio === 'levels',
        from: query.from,
        count: query.count,
        wall,
      });
    },
  });
}

function wait(options: ControlOptions, waits: Waits): Call {
  return sessionCall(options, {
    method: 'get',
    path: '/sessions/:id/wait',
    does: 'Answers when the client has done something',
    query: {
      schema: z.strictObject({
        for: z.enum(HAPPENINGS),
        count: wholeIn(1, MOST_COUNT).default(1).describe('How often, from the start of the session'),
        timeout: waitTime,
      }),
      expected: `for=${HAPPENINGS.join('|')}, count=1 to ${MOST_COUNT}, ${WAIT_TIME}`,
    },
    answers: {
      200: {
        means: 'It has happened',
        schema: z.strictObject({ session: z.string(), for: z.enum(HAPPENINGS), count: whole }),
      },
    },
    errors: {
      404: NO_SESSION[404],
      408: 'It did not happen in time',
      409: 'It can no longer happen',
      429: 'Too many waits at the same time',
    },
    find: sessionFor,
    async answer(session, { query }, response) {
      try {
        const wasHeard = await waits.wait(response, (signal) =>
          session.received(query.for, { count: query.count, timeoutMs: query.timeout, signal }),
        );
        if (wasHeard) {
          response.json({ session: session.id, for: query.for, count: session.count(query.for) });
        } else tooManyWaits(response);
      } catch (error) {
        if (response.destroyed) return;
        const tail = options.journal.get(session.id)?.tail(TAIL) ?? [];
        // Waiting longer cannot help once the session has ended.
        fail(response, session.isOpen ? 408 : 409, { error: messageOf(error) }, { trace: tail });
      }
    },
  });
}

function count(options: ControlOptions): Call {
  return sessionCall(options, {
    method: 'get',
    path: '/sessions/:id/count',
    does: 'How often the client has done something so far; audio is counted in messages',
    query: {
      schema: z.strictObject({ of: z.enum(HAPPENINGS) }),
      expected: `of=${HAPPENINGS.join('|')}`,
    },
    answers: {
      200: {
        means: 'How often, from the start of the session',
        schema: z.strictObject({ session: z.string(), of: z.enum(HAPPENINGS), count: whole }),
      },
    },
    find: sessionFor,
    answer(session, { query: { of } }, response) {
      response.json({ session: session.id, of, count: session.count(of) });
    },
  });
}
