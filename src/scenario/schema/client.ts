import { valueAt } from '../../runtime/json/fields.ts';
import { z } from 'zod';
import { oneOf } from './one-of.ts';
import { DIALECTS } from '../../protocol/dialects.ts';
import { TURN_EVENTS } from '../../protocol/reson8-turns/events.ts';
import { ALL_CALLS } from '../dialects/calls.ts';
import { closeCode, closeReason } from './close.ts';
import type { Verbs } from './server-steps.ts';
import { count, durationText, headers, json, payload, text, whole } from './values.ts';
import { listed } from '../../runtime/text/listed.ts';

const clientSimple = {
  start: 'The start command',
  stop: 'The stop command',
  flush: 'A flush request without an id',
  ping: 'A ping',
  meet: 'Waits until each simultaneous connection has reached such a step or its end; then all continue together',
  hang: 'Sends nothing more and does not close',
  connect:
    'Of a client of a REST API: a connection to the first socket of the service, with some audio; others connect before their first step',
  expire:
    'Of a client of the REST API: waits until its access token has expired, or ends if that takes more than 30 seconds',
};

const AWAITED = ['partial', 'final', 'state', 'error', 'confirmation', ...TURN_EVENTS, 'close'] as const;

const clientVerbs = {
  audio: oneOf(
    [
      durationText,
      z.strictObject({
        file: text.optional().describe('A bundled recording, or a file beside the scenario'),
        silence: z.literal(true, 'expected true').optional().describe('Silence instead of a recording'),
        for: durationText.optional().describe('How much of it'),
        frame: durationText.optional().describe('Audio per frame (100ms)'),
        header: z.literal(true, 'expected true').optional().describe('The header of a WAVE file comes first'),
        rate: whole(8000, 48_000)
          .optional()
          .describe('Samples a second (16000); the query has to say the same'),
        channels: whole(1, 2).optional().describe('Channels, all with the same sound (1); as the query says'),
        pace: z
          .number('expected a number')
          .min(0.1)
          .max(1000)
          .optional()
          .describe('How many times faster than the rest of the audio of the run (1)'),
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
        count: count.optional().describe('How many of them (1)'),
        match: z
          .record(z.string(), json, 'expected fields such as {state: listening}')
          .optional()
          .describe('Fields that the message has'),
        fresh: z
          .literal(true, 'expected true')
          .optional()
          .describe(
            'Counts only what comes after this step has begun (otherwise what came before counts too)',
          ),
        limit: durationText
          .optional()
          .describe(
            'How long the client waits before it continues; without it, it is a failure if nothing comes',
          ),
      }),
    ],
    `expected ${listed(AWAITED)}, or keys such as {for: final, count: 2}`,
  ).meta({ description: 'Waits for the server', examples: ['final'] }),
  send: json.meta({ examples: [{ action: 'start' }] }),
  raw: payload.meta({
    description: 'A message, sent unchanged: text in a text frame, hex or base64 in a binary frame',
    examples: ['{ not JSON'],
  }),
  close: oneOf(
    [closeCode(''), z.strictObject({ code: closeCode('').optional(), reason: closeReason.optional() })],
    'expected a close code such as 1000, or keys such as {code: 1000, reason: done}',
  ).meta({ description: 'A closing handshake', examples: [1000] }),
  abort: z.enum(['fin', 'reset']).meta({ description: 'The end without a Close frame', examples: ['reset'] }),
  call: oneOf(
    [
      z.enum(ALL_CALLS),
      z.strictObject({
        for: z.enum(ALL_CALLS),
        audio: durationText.optional().describe('How much of a recording is the body (nothing)'),
      }),
    ],
    `expected ${listed(ALL_CALLS)}, or keys such as {for: prerecorded, audio: 2s}`,
  ).meta({
    description: 'Calls the REST API and waits for its answer; custom-model makes a model with two phrases',
    examples: ['status'],
  }),
};

type Words = { readonly [V in keyof typeof clientSimple]: undefined };
type Values = { readonly [V in keyof typeof clientVerbs]: z.infer<(typeof clientVerbs)[V]> };

/** The schema of a verb that is a plain word, or of one with a value. */
export type ClientVerb = keyof Words | keyof Values;

/** The value of each verb; undefined for a plain word. */
export type ClientValues = {
  readonly [V in ClientVerb]:
    | (V extends keyof Words ? undefined : never)
    | (V extends keyof Values ? Values[V] : never);
};

/** A step as it is written in a file: a word, or one verb with its value. */
export type ClientStepFile =
  | keyof Words
  | { [V in keyof Values]: { readonly [K in V]: Values[V] } }[keyof Values];

/** What a client can do in one step. */
// The types of a list made by map() do not show that there is one alternative for each verb.
const clientStep = oneOf([
  ...Object.entries(clientSimple).map(([verb, description]) =>
    z.literal(verb).meta({ title: verb, description }),
  ),
  ...Object.entries(clientVerbs).map(([verb, value]) =>
    z.strictObject({ [verb]: value }).meta({ title: verb }),
  ),
  // One alternative for each verb: zod cannot know that the entries are those of the type.
]).meta({
  id: 'client-step',
  title: 'Client step',
  description: 'What the client does next',
}) as z.ZodType<ClientStepFile>;

const clientSteps = z.array(clientStep, 'expected a list of steps').max(1000, 'expected at most 1000 steps');

/** The kind of credential that a client presents; `admin` and `user` are for the REST API. */
const CREDENTIALS = ['valid', 'admin', 'user', 'invalid', 'missing'] as const;

/** How a client presents its credential: the documented forms of both services. */
const CREDENTIAL_FORMS = [
  'query',
  'path',
  'x-zoom-s2t-key',
  'x-api-key',
  'api-key',
  'apikey',
  'bearer',
  'subprotocol',
] as const;

const OTHER_PATHS = Object.values(DIALECTS).flatMap(({ otherPaths }) => otherPaths);

const connection = {
  token: text
    .optional()
    .describe('What the client authenticates with; nothing if empty (the token that it was given)'),
  credential: z
    .enum(CREDENTIALS)
    .optional()
    .describe('Which of the credentials that were given to the runner is presented (valid)'),
  form: z.enum(CREDENTIAL_FORMS).optional().describe('How it is presented (as the dialect does first)'),
  path: z
    .enum(OTHER_PATHS)
    .optional()
    .describe('Another path of the dialect, which some editions have (the documented one)'),
  query: z
    .record(z.string(), oneOf([text, z.literal(false)], 'expected a text, or false'), {
      error: 'expected parameters such as {language: nl}',
    })
    .optional()
    .describe(
      'More parameters of the URL, false for one that is left out; a url that begins with / is one of the bundled recordings',
    ),
  headers: headers.optional(),
  subprotocols: z.array(text, 'expected a list of texts').max(100).optional(),
  steps: clientSteps.optional(),
};

/** The client's side of a scenario. */
export const client = oneOf(
  [
    clientSteps.min(1, 'expected at least one step, or no list at all'),
    z.strictObject({
      ...connection,
      connections: whole(1, 20).optional().describe('How many connections, one after the other (1)'),
      'at-once': z.boolean().optional().describe('The connections are open at the same time (false)'),
      sessions: z
        .array(
          z.strictObject({
            ...connection,
            'at-once': z
              .boolean()
              .optional()
              .describe('It is open at the same time as its neighbours in the list (as the client says)'),
            role: z
              .enum(['base', 'chunks', 'pace', 'lead', 'format'])
              .optional()
              .describe('Its role in a comparison with the others'),
          }),
          'expected a list of connections',
        )
        .min(1)
        .max(20)
        .optional()
        .describe('Connections that differ, instead of steps'),
    }),
  ],
  'expected a list of steps, or keys: token, credential, form, path, query, headers, subprotocols, connections, at-once, sessions, steps',
).describe('What a client does, for a check of a server');

/** The verbs of a client's steps, for explanations. */
export const CLIENT_STEPS: Verbs = {
  simple: Object.keys(clientSimple),
  valued: new Map(
    Object.entries(clientVerbs).map(([verb, value]) => [verb, valueAt(value.meta(), ['examples', 0])]),
  ),
};

/** All verbs. */
export const CLIENT_VERBS: readonly string[] = [
  ...new Set([...CLIENT_STEPS.simple, ...CLIENT_STEPS.valued.keys()]),
];
