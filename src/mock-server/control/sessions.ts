import { z } from 'zod';
import { messageOf } from '../../runtime/errors.ts';
import { version } from '../../runtime/version.ts';
import { fail } from './answers.ts';
import { call, type Call } from './call.ts';
import { describeRequest, describeSession } from './describe.ts';
import { MOST_FOLLOWERS, sendTrace } from './follow.ts';
import { NO_SESSION, sessionFor, unknownSession } from './named-session.ts';
import type { ControlOptions } from './options.ts';
import { requestShape, sessionShape } from './shapes.ts';
import { HAPPENINGS, MOST_COUNT, waitTime, whole, wholeIn } from './values.ts';
import { MOST_WAITS, Waits } from './waits.ts';

/** The last events that are reported with a wait that was not fulfilled. */
const TAIL = 20;

/** What can be asked about sessions. */
export function sessionCalls(options: ControlOptions): readonly Call[] {
  const waits = new Waits();
  return [list(options), show(options), trace(options), wait(options, waits)];
}

function list({ journal, open }: ControlOptions): Call {
  return call({
    method: 'get',
    path: '/sessions',
    does: 'The open connections, and the closed ones that are still remembered',
    answers: {
      200: {
        means: 'Connections and HTTP requests, each in the order in which they came',
        schema: z.strictObject({ sessions: z.array(sessionShape), requests: z.array(requestShape) }),
      },
    },
    answer(_asked, response) {
      const kept = journal.connections.flatMap(({ session }) => session ?? []);
      // With a full journal, or none, some are only known to be open.
      const others = open().filter(({ id }) => journal.get(id) === undefined);
      const sessions = [...kept, ...others].map((session) =>
        describeSession(session, journal.get(session.id)),
      );
      response.json({ sessions, requests: journal.requests.map(describeRequest) });
    },
  });
}

function show({ journal, session }: ControlOptions): Call {
  return call({
    method: 'get',
    path: '/sessions/:id',
    does: 'A connection, or an HTTP request',
    answers: { 200: { means: 'What it is', schema: z.union([sessionShape, requestShape]) } },
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

function trace({ journal, startedAt, wall }: ControlOptions): Call {
  let followers = 0;
  return call({
    method: 'get',
    path: '/sessions/:id/trace',
    does: 'Everything that crossed the wire, without keys; follow=1 continues until the session ends',
    query: {
      schema: z.object({ follow: z.enum(['0', '1', '']).default('0') }),
      wrong: { error: 'follow has an unknown value', expected: 'follow=1, or nothing' },
    },
    answers: {
      200: { means: 'A trace, one JSON object per line', type: 'application/x-ndjson', schema: z.string() },
    },
    errors: { 404: NO_SESSION[404], 429: 'Too many readers follow sessions at the same time' },
    answer({ params: { id = '' }, query }, response, request) {
      const log = journal.get(id);
      if (log === undefined) return unknownSession(response);
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
      sendTrace(log, response, { header, follows, wall });
    },
  });
}

function wait(options: ControlOptions, waits: Waits): Call {
  return call({
    method: 'get',
    path: '/sessions/:id/wait',
    does: 'Answers when the client has done something',
    query: {
      schema: z.strictObject({
        for: z.enum(HAPPENINGS),
        count: wholeIn(1, MOST_COUNT).default(1).describe('How often, from the start of the session'),
        timeout: waitTime,
      }),
      wrong: {
        error: 'Invalid wait',
        expected: `for=${HAPPENINGS.join('|')}, count=1 to ${MOST_COUNT}, timeout=5s (at most 10m)`,
      },
    },
    answers: {
      200: {
        means: 'It has happened',
        schema: z.strictObject({ session: z.string(), for: z.enum(HAPPENINGS), count: whole }),
      },
    },
    errors: {
      404: NO_SESSION[404],
      408: 'It has not happened in time',
      409: 'It cannot happen any more',
      429: 'Too many waits at the same time',
    },
    async answer({ params, query }, response) {
      const session = sessionFor(options, params['id'], response);
      if (session === undefined) return;
      try {
        const wasHeard = await waits.wait(response, (signal) =>
          session.received(query.for, { count: query.count, timeoutMs: query.timeout, signal }),
        );
        if (wasHeard) {
          response.json({ session: session.id, for: query.for, count: session.count(query.for) });
        } else tooMany(response);
      } catch (error) {
        if (response.destroyed) return;
        const tail = options.journal.get(session.id)?.tail(TAIL) ?? [];
        // Waiting longer cannot help once the session has ended.
        fail(response, session.isOpen ? 408 : 409, { error: messageOf(error) }, { trace: tail });
      }
    },
  });
}

function tooMany(response: Parameters<typeof fail>[0]): void {
  fail(response, 429, { error: 'Too many waits at the same time', expected: `at most ${MOST_WAITS}` });
}
