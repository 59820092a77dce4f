import { z } from 'zod';
import { serverStep } from './server-steps.ts';
import { durationText, headers } from './values.ts';

/** What happens to an upgrade. */
const handshake = z.union([
  z
    .enum(['hang', 'drop', 'reset', 'unreachable'])
    .describe(
      'Instead of an answer: nothing; FIN; RST; or, as the scenario of the whole server, RST before the request is read',
    ),
  z
    .strictObject({
      status: z.int().min(200).max(599),
      headers: headers.optional(),
      body: z.unknown().optional(),
      after: durationText.optional(),
    })
    .describe('This answer instead of 101'),
  z
    .strictObject({
      after: durationText.optional(),
      subprotocol: z.union([z.string(), z.literal(false)]).optional(),
      headers: headers.optional(),
    })
    .describe('101, but late, with another subprotocol, or with more headers'),
]);

const steps = z.array(serverStep).max(100_000);
/** What the server does on one connection. */
const attempt = z.union([
  steps,
  z.strictObject({ handshake: handshake.optional(), steps: steps.optional() }),
]);

/** What a REST call is answered with. */
const call = z.union([
  z.enum(['as-documented', 'hang', 'drop', 'reset']),
  z.strictObject({
    status: z.int().min(200).max(599).optional(),
    headers: headers.optional(),
    body: z.unknown().optional(),
    after: durationText.optional(),
  }),
]);

/** The service behind the REST API, and how its calls are answered. */
const rest = z.strictObject({
  service: z
    .enum(['ready', 'scaled-down', 'starting'])
    .optional()
    .describe('The state at the beginning (ready)'),
  'start-time': durationText.optional(),
  'on-initialize': z.enum(['starts', 'fails-to-start', 'breaks']).optional(),
  initialize: z
    .array(call)
    .min(1)
    .max(100)
    .optional()
    .describe('The answers, one call after the other; the last stays'),
  status: z.array(call).min(1).max(100).optional(),
});

/** The server's side of a scenario. */
export const server = z.union([
  steps,
  z.strictObject({ handshake: handshake.optional(), steps: steps.optional() }),
  z.strictObject({ attempts: z.array(attempt).min(1).max(100) }),
  rest,
]);
