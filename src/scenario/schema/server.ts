import { z } from 'zod';
import { INITIALIZE_OUTCOMES } from '../script.ts';
import { condition } from './condition.ts';
import { oneOf } from './one-of.ts';
import { serverSteps } from './server-steps.ts';
import { durationText, headers, json, text, whole } from './values.ts';

const HANDSHAKE = 'expected hang, drop, reset or unreachable, or keys such as {status: 503} or {after: 5s}';

const status = whole(200, 599);
const after = durationText.describe('How late (0ms)');
const body = json.describe('A text is sent unchanged, anything else as JSON');

/** What happens to an upgrade, whatever the client asks for. */
const plainHandshake = oneOf(
  [
    z
      .enum(['hang', 'drop', 'reset', 'unreachable'])
      .describe(
        'Instead of an answer: nothing; FIN; RST; or, as the scenario of the whole server, RST before the request is read',
      ),
    z
      .strictObject({
        status,
        headers: headers.optional(),
        body: body.optional(),
        after: after.optional(),
      })
      .describe('This answer instead of 101'),
    z
      .strictObject({
        after: after.optional(),
        subprotocol: oneOf([text, z.literal(false)], 'expected a subprotocol, or false for none')
          .optional()
          .describe("Selects this one instead of the dialect's own, or none"),
        headers: headers.optional(),
      })
      .describe('101, but late, with another subprotocol, or with more headers'),
  ],
  HANDSHAKE,
);

/** What happens to an upgrade. */
const handshake = oneOf(
  [
    plainHandshake,
    z
      .strictObject({ when: condition, then: plainHandshake, else: plainHandshake.optional() })
      .describe('What happens if the client has asked for this, and otherwise'),
  ],
  HANDSHAKE,
).meta({ id: 'handshake', description: 'What happens to the upgrade instead of a plain 101' });

/** An answer to an upgrade, as it is written in a file. */
export type PlainHandshakeFile = z.infer<typeof plainHandshake>;
/** An answer to an upgrade that may depend on the request, as it is written in a file. */
export type HandshakeFile = z.infer<typeof handshake>;

const connection = {
  handshake: handshake.optional(),
  refusals: z
    .enum(['in-band', 'close'])
    .optional()
    .describe(
      'Clients that would be refused are accepted, and learn of it by a message and a close, or by the close alone',
    ),
  steps: serverSteps.optional(),
};

/** An empty list means nothing: to get the documented behaviour, omit it. */
const aStep = serverSteps.min(1, 'expected at least one step, or no list: then it is as documented');

/** What the server does on one connection. */
const attempt = oneOf(
  [aStep, z.strictObject(connection)],
  'expected a list of steps, or keys: handshake, refusals, steps',
);

/** The answer to a REST call. */
const call = oneOf(
  [
    z.enum(['as-documented', 'hang', 'drop', 'reset']),
    z.strictObject({
      status: status.optional(),
      headers: headers.optional(),
      body: body.optional(),
      cut: z
        .literal(true, 'expected true')
        .optional()
        .describe('The body is announced in full, and the connection ends after half of it'),
      after: after.optional(),
    }),
  ],
  'expected as-documented, hang, drop or reset, or keys such as {status: 503}',
).meta({ id: 'call', description: 'The answer to a call' });

const calls = z
  .array(call, 'expected a list of answers such as - status: 503')
  .min(1, 'expected at least one answer')
  .max(100, 'expected at most 100 answers')
  .describe('The answers, one for each call in turn; the last one repeats');

/** What is behind a REST API, and how its calls are answered. */
const rest = z.strictObject({
  service: z
    .enum(['ready', 'scaled-down', 'starting'])
    .optional()
    .describe('The state at the beginning (ready)'),
  'start-time': durationText.optional().describe('How long starting takes'),
  'on-initialize': z
    .enum(INITIALIZE_OUTCOMES)
    .optional()
    .describe('What initialize does: answers-at-once leaves the service as it is, as without auto-scaling'),
  initialize: calls.optional(),
  status: calls.optional(),
  'expires-in': durationText.optional().describe('How long an access token is valid (600s)'),
  token: calls.optional(),
  prerecorded: calls.optional(),
  'custom-model': calls.optional(),
});

/** The server's side of a scenario. */
export const server = oneOf(
  [
    aStep,
    z.strictObject(connection),
    z.strictObject({
      attempts: z
        .array(attempt, 'expected a list with the steps of each connection')
        .min(1, 'expected at least one connection')
        .max(100, 'expected at most 100 connections')
        .describe('What happens on the first connection of a token, on its second …; the last entry repeats'),
    }),
    rest,
  ],
  'expected a list of steps, or keys: handshake, refusals, steps, attempts',
).describe('What the server does; without it, what is documented');
