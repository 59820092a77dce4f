import { z } from 'zod';
import type { Call } from '../call.ts';
import { readMessage } from './message.ts';
import { writableSession } from './named-session.ts';
import { sessionCall } from './session-call.ts';
import type { ControlOptions } from '../options.ts';
import { whole } from '../values.ts';
import { CLOSE_CODES, isCloseCode, LONGEST_REASON_BYTES } from '../../../wire/encode.ts';
import { ABORTS } from '../../../wire/socket.ts';

/** What can be done to one session. */
export function actionCalls(options: ControlOptions): readonly Call[] {
  return [
    sessionCall(options, {
      method: 'post',
      path: '/sessions/:id/send',
      does: 'Sends the body, which is JSON, unchanged. A body with only one of the keys text, base64 and json is a text, bytes, or a message that would otherwise be taken for one of these',
      body: {
        schema: z.unknown().refine((body) => readMessage(body) !== undefined),
        expected: 'JSON, which is sent unchanged; or {"text": "…"}, {"base64": "…"} or {"json": …}',
        wrong: 'There is no message in the body',
      },
      answers: {
        200: {
          means: 'It was sent',
          schema: z.strictObject({ sent: z.enum(['text', 'binary']), byteCount: whole }),
        },
      },
      find: writableSession,
      answer(session, { body }, response) {
        const message = readMessage(body);
        if (message === undefined) return;
        session.send(message);
        const kind = typeof message === 'string' ? 'text' : 'binary';
        response.json({ sent: kind, byteCount: Buffer.byteLength(message) });
      },
    }),
    sessionCall(options, {
      method: 'post',
      path: '/sessions/:id/close',
      does: 'Closes the connection with a code and a reason',
      body: {
        schema: z.strictObject({
          code: z
            .int()
            .refine(isCloseCode, 'cannot be sent in a Close frame')
            .default(1000)
            .describe(CLOSE_CODES),
          reason: z
            .string()
            .refine(
              (text) => Buffer.byteLength(text) <= LONGEST_REASON_BYTES,
              'is too long for a Close frame',
            )
            .default('')
            .describe(`At most ${LONGEST_REASON_BYTES} bytes`),
        }),
        expected: `{"code": ${CLOSE_CODES}, "reason": a text of at most ${LONGEST_REASON_BYTES} bytes}`,
      },
      answers: {
        200: { means: 'The Close frame was sent', schema: z.strictObject({ closing: whole }) },
      },
      find: writableSession,
      answer(session, { body: { code, reason } }, response) {
        session.close(code, reason);
        response.json({ closing: code });
      },
    }),
    sessionCall(options, {
      method: 'post',
      path: '/sessions/:id/abort',
      does: 'Ends TCP without a Close frame, or stops answering',
      body: {
        schema: z.strictObject({ how: z.enum(ABORTS) }),
        expected: `{"how": ${ABORTS.join('|')}}`,
      },
      answers: {
        200: { means: 'The connection is aborted', schema: z.strictObject({ aborted: z.enum(ABORTS) }) },
      },
      answer(session, { body: { how } }, response) {
        session.abort(how);
        response.json({ aborted: how });
      },
    }),
  ];
}
