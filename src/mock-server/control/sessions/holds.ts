import { z } from 'zod';
import type { Session } from '../../open-session.ts';
import { MOST_HELD, MOST_HELD_BYTES } from '../../session/held.ts';
import { fail } from '../answers.ts';
import type { Call, Part } from '../call.ts';
import { readMessage } from './message.ts';
import { sessionCall } from './session-call.ts';
import type { ControlOptions } from '../options.ts';
import { whole } from '../values.ts';

const heldShape = z
  .strictObject({
    ...{ id: whole, kind: z.enum(['text', 'binary', 'bytes', 'close']) },
    ...{ text: z.string().optional(), byteCount: whole.optional(), code: whole.optional() },
  })
  .meta({
    id: 'Held',
    description: 'What the server would have sent: a message, raw bytes, or the close',
  });

const nothing: Part<object> = {
  schema: z.strictObject({}),
  expected: 'no body, or {}',
};

const held = z.array(heldShape).describe('What is held now, the oldest first');

/** Calls that hold the server's messages on one connection until they are released, replaced or dropped. */
export function holdCalls(options: ControlOptions): readonly Call[] {
  return [show, hold, release, replace, drop].map((one) => one(options));
}

function show(options: ControlOptions): Call {
  return sessionCall(options, {
    method: 'get',
    path: '/sessions/:id/held',
    does: 'What is held now',
    answers: { 200: { means: 'The held messages', schema: z.strictObject({ held }) } },
    answer(session, _asked, response) {
      response.json({ held: heldOn(session, options) });
    },
  });
}

function hold(options: ControlOptions): Call {
  return sessionCall(options, {
    method: 'post',
    path: '/sessions/:id/hold',
    does: `Holds what the server sends from now on, at most ${MOST_HELD} messages and ${MOST_HELD_BYTES} bytes: beyond that, all of them are released`,
    body: nothing,
    answers: { 200: { means: 'The held messages', schema: z.strictObject({ held }) } },
    answer(session, _asked, response) {
      session.hold();
      response.json({ held: heldOn(session, options) });
    },
  });
}

function release(options: ControlOptions): Call {
  return sessionCall(options, {
    method: 'post',
    path: '/sessions/:id/release',
    does: 'Sends the oldest held messages; without a count all of them, which also ends the holding',
    body: {
      schema: z.strictObject({ count: z.int().min(1).max(MOST_HELD).optional() }),
      expected: `{"count": 1 to ${MOST_HELD}}, or no body`,
    },
    answers: {
      200: { means: 'They were sent', schema: z.strictObject({ released: whole, held }) },
    },
    answer(session, { body: { count } }, response) {
      const released = session.release(count);
      response.json({ released, held: heldOn(session, options) });
    },
  });
}

function replace(options: ControlOptions): Call {
  return sessionCall(options, {
    method: 'post',
    path: '/sessions/:id/replace',
    does: 'Replaces a held message by another',
    body: {
      schema: z.strictObject({
        id: z.int().min(1),
        message: z
          .unknown()
          .refine((message) => readMessage(message) !== undefined)
          .describe('As in send'),
      }),
      expected:
        '{"id": of a message that is held, "message": JSON, or {"text": "…"}, {"base64": "…"} or {"json": …}}',
    },
    answers: { 200: { means: 'The held messages', schema: z.strictObject({ held }) } },
    answer(session, { body: { id, message } }, response) {
      if (session.replace(id, readMessage(message)))
        return void response.json({ held: heldOn(session, options) });
      fail(
        response,
        409,
        { error: 'No such message is held', expected: 'an id of held' },
        { held: heldOn(session, options) },
      );
    },
  });
}

function drop(options: ControlOptions): Call {
  return sessionCall(options, {
    method: 'post',
    path: '/sessions/:id/drop',
    does: 'Drops a held message, or all of them; later messages are still held',
    body: {
      schema: z.strictObject({ id: z.int().min(1).optional() }),
      expected: '{"id": of a message that is held}, or no body',
    },
    answers: { 200: { means: 'It was removed', schema: z.strictObject({ dropped: whole, held }) } },
    answer(session, { body: { id } }, response) {
      const dropped = session.drop(id);
      const now = heldOn(session, options);
      if (id === undefined || dropped > 0) return void response.json({ dropped, held: now });
      fail(response, 409, { error: 'No such message is held', expected: 'an id of held' }, { held: now });
    },
  });
}

/** The held messages. One may repeat a secret of its client. */
function heldOn({ id, held }: Session, { journal }: ControlOptions): readonly object[] {
  const log = journal.get(id);
  return held.map(({ text, ...message }) =>
    text === undefined || log === undefined ? message : { ...message, text: log.redact(text) },
  );
}
