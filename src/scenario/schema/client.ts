import { z } from 'zod';
import { oneOf } from './one-of.ts';
import { closeCode, closeReason } from './close.ts';
import type { StepValue, Verbs } from './server-steps.ts';
import { count, durationText, headers, json, payload, text, whole } from './values.ts';

const clientSimple = {
  start: 'The start command',
  stop: 'The stop command',
  flush: 'A flush request without an id',
  hang: 'Neither sends nor closes any more',
  connect: 'Connects; without it, the client does so before its first step',
};

const AWAITED = ['partial', 'final', 'state', 'error', 'confirmation', 'close'] as const;

const clientVerbs = {
  audio: oneOf(
    [
      durationText,
      z.strictObject({
        file: text.optional().describe('A bundled recording, or a file beside the scenario'),
        silence: z.literal(true, 'expected true').optional().describe('Silence instead of a recording'),
        for: durationText.optional().describe('So much of it'),
        frame: durationText.optional().describe('Audio per frame (100ms)'),
      }),
    ],
    'expected a length of time such as 2s, or keys such as {file: en-appointment.wav}',
  ).meta({ description: 'Sends audio', examples: ['2s'] }),
  flush: text.meta({ description: 'A flush request with this id', examples: ['a1'] }),
  wait: durationText.meta({ description: 'Lets time pass', examples: ['300ms'] }),
  await: oneOf(
    [
      z.enum(AWAITED),
      z.strictObject({
        for: z.enum([...AWAITED, 'message']),
        count: count.optional().describe('So many of them (1)'),
        match: z
          .record(z.string(), json, 'expected fields such as {state: listening}')
          .optional()
          .describe('Fields that the message has'),
        limit: durationText
          .optional()
          .describe('How long the client waits before it goes on; without it, what never comes is a failure'),
      }),
    ],
    `expected ${AWAITED.slice(0, -1).join(', ')} or ${AWAITED.at(-1) ?? ''}, or keys such as {for: final, count: 2}`,
  ).meta({ description: 'Waits for the server', examples: ['final'] }),
  send: json.meta({ examples: [{ action: 'start' }] }),
  raw: payload.meta({
    description: 'A message as it is: text in a text frame, hex or base64 in a binary frame',
    examples: ['{ not JSON'],
  }),
  close: oneOf(
    [closeCode(''), z.strictObject({ code: closeCode('').optional(), reason: closeReason.optional() })],
    'expected a close code such as 1000, or keys such as {code: 1000, reason: done}',
  ).meta({ description: 'A closing handshake', examples: [1000] }),
  abort: z.enum(['fin', 'reset']).meta({ description: 'The end without a Close frame', examples: ['reset'] }),
  call: z
    .enum(['initialize', 'status'])
    .meta({ description: 'Calls the REST API and waits for its answer', examples: ['status'] }),
};

/** What a client can do in one step. */
const clientStep: z.ZodType<StepValue> = oneOf([
  ...Object.entries(clientSimple).map(([verb, description]) =>
    z.literal(verb).meta({ title: verb, description }),
  ),
  ...Object.entries(clientVerbs).map(([verb, value]) =>
    z.strictObject({ [verb]: value }).meta({ title: verb }),
  ),
]).meta({ id: 'client-step', title: 'Client step', description: 'What the client does next' });

const clientSteps = z.array(clientStep, 'expected a list of steps').max(1000, 'expected at most 1000 steps');

/** The client's side of a scenario. */
export const client = oneOf(
  [
    clientSteps,
    z.strictObject({
      token: text
        .optional()
        .describe('What the client authenticates with; nothing if empty (the token that it was given)'),
      query: z
        .record(z.string(), text, 'expected parameters such as {language: nl}')
        .optional()
        .describe('More parameters of the URL; a url that begins with / is one of the bundled recordings'),
      headers: headers.optional(),
      subprotocols: z.array(text, 'expected a list of texts').max(100).optional(),
      connections: whole(1, 20).optional().describe('So many connections, one after the other (1)'),
      steps: clientSteps.optional(),
    }),
  ],
  'expected a list of steps, or keys: token, query, headers, subprotocols, connections, steps',
).describe('What a client does, for a check of a server');

/** The verbs of a client's steps, for explanations. */
export const CLIENT_STEPS: Verbs = {
  simple: Object.keys(clientSimple),
  valued: new Map(
    Object.entries(clientVerbs).map(([verb, value]) => [
      verb,
      (value.meta()?.['examples'] as readonly unknown[] | undefined)?.[0],
    ]),
  ),
};

/** All of them. */
export const CLIENT_VERBS: readonly string[] = [
  ...new Set([...CLIENT_STEPS.simple, ...CLIENT_STEPS.valued.keys()]),
];
