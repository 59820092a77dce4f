import type { Response } from 'express';
import { z } from 'zod';
import { fieldsOf } from '../../runtime/json/fields.ts';
import { withoutTrailing } from '../../runtime/trailing.ts';
import type { Session } from '../open-session.ts';
import { fail } from './answers.ts';
import { call, type Call } from './call.ts';
import { NO_SESSION, sessionFor } from './named-session.ts';
import type { ControlOptions } from './options.ts';
import { whole } from './values.ts';

const ABORTS = ['fin', 'reset', 'silence'] as const;
const LONGEST_REASON_BYTES = 123;
const CLOSE_CODES = '1000 to 1003, 1007 to 1014 or 3000 to 4999';

/** What can be done to one session. */
export function actionCalls(options: ControlOptions): readonly Call[] {
  return [
    call({
      method: 'post',
      path: '/sessions/:id/send',
      does: 'Sends the body, which is JSON, unchanged. A body with only one of the keys text, base64 and json is a text, bytes, or a message that would otherwise be taken for one of these',
      body: {
        schema: z.unknown().refine((body) => readMessage(body) !== undefined),
        wrong: {
          error: 'There is no message in the body',
          expected: 'JSON, which is sent as it is; or {"text": "…"}, {"base64": "…"} or {"json": …}',
        },
      },
      answers: {
        200: {
          means: 'It was sent',
          schema: z.strictObject({ sent: z.enum(['text', 'binary']), byteCount: whole }),
        },
      },
      errors: NO_SESSION,
      answer({ params, body }, response) {
        const session = writable(options, params['id'], response);
        const message = readMessage(body);
        if (session === undefined || message === undefined) return;
        session.send(message);
        const kind = typeof message === 'string' ? 'text' : 'binary';
        response.json({ sent: kind, byteCount: Buffer.byteLength(message) });
      },
    }),
    call({
      method: 'post',
      path: '/sessions/:id/close',
      does: 'Closes the connection with a code and a reason',
      body: {
        schema: z.object({
          code: z.int().refine(isCloseCode).default(1000).describe(CLOSE_CODES),
          reason: z
            .string()
            .refine((text) => Buffer.byteLength(text) <= LONGEST_REASON_BYTES)
            .default('')
            .describe(`At most ${LONGEST_REASON_BYTES} bytes`),
        }),
        wrong: {
          error: 'The code or the reason cannot be sent in a Close frame',
          expected: `{"code": ${CLOSE_CODES}, "reason": a text of at most ${LONGEST_REASON_BYTES} bytes}`,
        },
      },
      answers: {
        200: { means: 'The Close frame was sent', schema: z.strictObject({ closing: whole }) },
      },
      errors: NO_SESSION,
      answer({ params, body: { code, reason } }, response) {
        const session = open(options, params['id'], response);
        if (session === undefined) return;
        session.close(code, reason);
        response.json({ closing: code });
      },
    }),
    call({
      method: 'post',
      path: '/sessions/:id/abort',
      does: 'Ends TCP without a Close frame, or stops answering',
      body: {
        schema: z.object({ how: z.enum(ABORTS) }),
        wrong: { error: 'The body does not say how', expected: `{"how": ${ABORTS.join('|')}}` },
      },
      answers: {
        200: { means: 'The connection is aborted', schema: z.strictObject({ aborted: z.enum(ABORTS) }) },
      },
      errors: NO_SESSION,
      answer({ params, body: { how } }, response) {
        const session = open(options, params['id'], response);
        if (session === undefined) return;
        session.abort(how);
        response.json({ aborted: how });
      },
    }),
  ];
}

/** An open session, or none after saying so. */
function open(options: ControlOptions, id: string | undefined, response: Response): Session | undefined {
  const session = sessionFor(options, id, response);
  if (session === undefined || session.isOpen) return session;
  fail(response, 409, {
    error: `The session has ended with ${session.closeCode ?? 0}`,
    expected: 'a session that is open',
  });
  return undefined;
}

/** A session that messages can be sent on, or none after saying so. */
function writable(options: ControlOptions, id: string | undefined, response: Response): Session | undefined {
  const session = open(options, id, response);
  if (session === undefined || session.isWritable) return session;
  fail(response, 409, { error: 'The session is closing, or silent', expected: 'a session that is open' });
  return undefined;
}

/**
 * A JSON body is the message. A single key has another meaning: `text` is a text, `base64` bytes, and `json` a message
 * that would be mistaken for one of these.
 */
function readMessage(body: unknown): string | Uint8Array | undefined {
  if (body === undefined) return undefined;
  const entries = Object.entries(fieldsOf(body));
  const [[name, value] = []] = entries;
  if (entries.length === 1) {
    if (name === 'json') return JSON.stringify(value);
    if (name === 'text') return typeof value === 'string' ? value : undefined;
    if (name === 'base64') return typeof value === 'string' ? readBase64(value) : undefined;
  }
  return JSON.stringify(body);
}

function readBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  // Node skips invalid characters; this notices them.
  return withoutTrailing(bytes.toString('base64'), '=') === withoutTrailing(text, '=') ? bytes : undefined;
}

/** The codes that `ws` sends and RFC 6455 allows. */
function isCloseCode(code: number): boolean {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}
