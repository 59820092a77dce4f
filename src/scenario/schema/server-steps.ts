import { valueAt } from '../../runtime/json/fields.ts';
import { z } from 'zod';
import { oneOf } from './one-of.ts';
import { closeCode, closeReason } from './close.ts';
import { condition } from './condition.ts';
import { candidate, distortion, final, pace, partial, spokenText, until } from './results.ts';
import { A_TIME, count, durationText, json, payload, percent, since, spread, text, whole } from './values.ts';

const MOST_STEPS_IN_A_LIST = 10_000;

const endsTcp = {
  then: z
    .enum(['fin', 'reset', 'stay'])
    .optional()
    .describe('What follows on the TCP connection: its end, a reset, or nothing (fin)'),
};

/** A complete message is followed by the next step. */
const thenNeedsAfter = ({ after, then }: { after?: number | undefined; then?: string | undefined }) =>
  then === undefined || after !== undefined;
const THEN_NEEDS_AFTER = {
  path: ['then'],
  error: 'is given without "after": only a message that stops early ends TCP',
};

/** Steps that are written as a single word. */
const simpleSteps = {
  open: 'The documented beginning of a connection, up to where it takes audio',
  transcribe: 'Recognises speech until the client says stop or the stream ends',
  turn_start: 'A speaker has begun to speak (Reson8 turns)',
  turn_continuation: 'The turn goes on after its candidate (Reson8 turns)',
  turn_end: 'The turn is over (Reson8 turns)',
  finish: 'Sends what was recognised but not sent yet',
  close: 'The closing handshake of a normal end',
  hang: 'Sends nothing more and leaves the connection open',
  stall: 'Stops reading what the client sends, for good',
  'bad-opcode': 'A frame with an undefined opcode, then the end of TCP',
  'masked-frame': 'A masked frame, which a server must not send, then the end of TCP',
  'bad-utf8': 'A text frame that is not UTF-8, then the end of TCP',
};

/** A step that is also written as a word, with another end of TCP. */
const thenEnd = (word: string) =>
  z
    .strictObject(endsTcp, 'expected keys such as {then: reset}')
    .meta({ description: `${word}, as given`, examples: [{ then: 'reset' }] });

const what = z.enum(['start', 'stop', 'audio', 'flush', 'source']);

/** Steps that are written as one verb with its value. */
const serverVerbs = {
  await: oneOf(
    [
      what,
      z.strictObject({
        for: what,
        count: count.optional().describe('How many of them (1)'),
        bytes: whole(1, 2 ** 40)
          .optional()
          .describe('At least this much audio, counted over this and all earlier steps that wait'),
        limit: durationText.optional().describe('How long to wait (60s; 15s for start and source)'),
        late: text.optional().describe('The error text when the client does not come'),
      }),
    ],
    'expected start, stop, audio, flush or source, or keys such as {for: audio, count: 10}',
  ).meta({ description: 'Waits for the client, or for the first audio of the stream', examples: ['start'] }),
  wait: oneOf(
    [
      spread,
      z.strictObject({
        until: durationText.describe('The time since the connection or the server began'),
        since: since.optional(),
      }),
    ],
    A_TIME,
  ).meta({ description: 'Lets time pass', examples: ['300ms'] }),
  state: text.meta({ description: 'A state message with this state', examples: ['listening'] }),
  'shutting-down': durationText.meta({
    description: 'The state shutting_down, with the time of day that much later in `at`',
    examples: ['1h'],
  }),
  speak: oneOf(
    [
      spokenText,
      z.strictObject({
        text: spokenText,
        pace: durationText
          .optional()
          .describe('Speech heard per word; otherwise as long as a word takes to say'),
        ...pace,
        ...distortion,
      }),
    ],
    'expected words, or keys such as {text: hello, pace: 300ms}',
  ).meta({ description: 'These words are recognised in the speech that is heard', examples: ['good day'] }),
  transcribe: z
    .strictObject(
      {
        until: until.optional(),
        idle: durationText.optional().describe('The longest time without audio; more is an error (60s)'),
        ...pace,
        ...distortion,
      },
      'expected keys such as {until: {audio: 2s}}; without any, write "- transcribe"',
    )
    .meta({
      description:
        'Recognises speech until something happens, with results that go wrong or come at other times',
      examples: [{ until: { audio: '2s' } }],
    }),
  partial,
  final,
  turn_end_candidate: candidate,
  error: text.meta({
    description: 'The error message of the dialect; the connection stays open',
    examples: ['Model not available'],
  }),
  fail: oneOf(
    [
      text,
      z.strictObject({
        problem: z.enum(['invalid-request', 'unauthorized', 'timeout', 'source', 'internal']),
        message: text,
      }),
    ],
    'expected a text, or keys such as {problem: timeout, message: Too late}',
  ).meta({
    description: 'The error message of the dialect, and the close that follows it',
    examples: ['Out of memory'],
  }),
  confirm: oneOf([text, z.null(), z.literal(false)], 'expected an id, null, or false for none').meta({
    description: 'A flush confirmation with this id; false for one without any',
    examples: ['a1'],
  }),
  send: json.meta({ examples: [{ state: 'listening' }] }),
  raw: payload.meta({
    description: 'A message, sent unchanged: text in a text frame, hex or base64 in a binary frame',
    examples: ['{ not JSON'],
  }),
  bytes: payload.meta({
    description: 'Bytes on the TCP connection, below WebSocket frames',
    examples: [{ hex: '81 05' }],
  }),
  fragments: z
    .strictObject(
      {
        send: json,
        parts: whole(2, 1000),
        every: durationText.optional().describe('The time between two parts (0ms)'),
        after: whole(1, 999).optional().describe('Stops after this many parts'),
        ...endsTcp,
      },
      'expected keys such as {send: {state: listening}, parts: 3}',
    )
    .refine(({ parts, after }) => after === undefined || after < parts, {
      path: ['after'],
      error: 'expected fewer than there are parts',
    })
    .refine(thenNeedsAfter, THEN_NEEDS_AFTER)
    .meta({
      description: 'A message in several frames',
      examples: [{ send: { state: 'listening' }, parts: 3 }],
    }),
  'cut-frame': z
    .strictObject(
      { send: json, after: count.describe('How many bytes of the frame'), ...endsTcp },
      'expected keys such as {send: {state: listening}, after: 5}',
    )
    .meta({
      description: 'The beginning of a frame, then the end of TCP',
      examples: [{ send: { state: 'listening' }, after: 5 }],
    }),
  drip: z
    .strictObject(
      {
        send: json,
        every: durationText.describe('The time between two bytes'),
        after: count.optional().describe('Stops after this many bytes of the frame'),
        ...endsTcp,
      },
      'expected keys such as {send: {state: listening}, every: 50ms}',
    )
    .refine(thenNeedsAfter, THEN_NEEDS_AFTER)
    .meta({
      description: 'A message, byte by byte',
      examples: [{ send: { state: 'listening' }, every: '50ms' }],
    }),
  ping: oneOf([whole(1, 100_000), payload], 'expected a number of pings, or the payload of one').meta({
    description: 'A number of pings at once, or one with a payload',
    examples: [3],
  }),
  'close-frame': z
    .strictObject(
      {
        code: whole(0, 65_535),
        reason: text.optional(),
        ...endsTcp,
      },
      'expected keys such as {code: 1006, reason: gone}',
    )
    .meta({ description: 'A Close frame with any code, then the end of TCP', examples: [{ code: 1006 }] }),
  'bad-opcode': thenEnd(simpleSteps['bad-opcode']),
  'masked-frame': thenEnd(simpleSteps['masked-frame']),
  'bad-utf8': thenEnd(simpleSteps['bad-utf8']),
  latency: spread.meta({
    description: 'Delays everything that follows by this much, in order',
    examples: ['200ms'],
  }),
  stall: z
    .strictObject(
      { for: durationText },
      'expected keys such as {for: 5s}; to stall for good, write "- stall"',
    )
    .meta({ description: 'Stops reading what the client sends for this time', examples: [{ for: '5s' }] }),
  close: oneOf(
    [
      closeCode('; "close-frame" sends it all the same'),
      z.strictObject({
        code: closeCode('; "close-frame" sends it all the same').optional(),
        reason: closeReason.optional(),
      }),
    ],
    'expected a close code such as 1011, or keys such as {code: 1011, reason: overloaded}',
  ).meta({ description: 'A closing handshake with a code of its own', examples: [1011] }),
  abort: z.enum(['fin', 'reset', 'silence']).meta({
    description: 'The end without a Close frame: FIN, RST, or silence from then on',
    examples: ['reset'],
  }),
};

type Words = { readonly [V in keyof typeof simpleSteps]: undefined };
type Values = { readonly [V in keyof typeof serverVerbs]: z.infer<(typeof serverVerbs)[V]> };

/** The schema of a verb that is a plain word, or of one with a value. */
export type ServerVerb = keyof Words | keyof Values;

/** The value of a verb; undefined for a plain word. */
export type StepValue<V extends ServerVerb> = StepValues[V];

type StepValues = {
  readonly [V in ServerVerb]:
    | (V extends keyof Words ? undefined : never)
    | (V extends keyof Values ? Values[V] : never);
};

/** A word, or one verb with its value. */
export type PlainStep = keyof Words | { [V in keyof Values]: { readonly [K in V]: Values[V] } }[keyof Values];

/** Steps that contain others. */
export interface ChanceStep {
  readonly chance: string;
  readonly steps: readonly ServerStepFile[];
  readonly else?: readonly ServerStepFile[] | undefined;
}
/** Steps under a condition, and others if it does not hold. */
export interface WhenStep {
  readonly when: z.infer<typeof condition>;
  readonly steps: readonly ServerStepFile[];
  readonly else?: readonly ServerStepFile[] | undefined;
}
/** Steps that are repeated. */
export interface RepeatStep {
  readonly repeat: number;
  readonly steps: readonly ServerStepFile[];
}

/** A step as it is written in a file. */
export type ServerStepFile = PlainStep | ChanceStep | WhenStep | RepeatStep;

/** What the server can do in one step. */
export const serverStep: z.ZodType<ServerStepFile> = z
  .lazy(
    // The types of a list made by map() do not show that there is one alternative for each verb.
    () =>
      oneOf([
        ...Object.entries(simpleSteps).map(([verb, description]) =>
          z.literal(verb).meta({ title: verb, description }),
        ),
        ...Object.entries(serverVerbs).map(([verb, value]) =>
          z.strictObject({ [verb]: value }).meta({ title: verb }),
        ),
        z
          .strictObject({
            chance: percent,
            steps: serverSteps,
            else: serverSteps.optional(),
          })
          .meta({ title: 'chance', description: 'Steps that are taken with this probability, by the seed' }),
        z.strictObject({ when: condition, steps: serverSteps, else: serverSteps.optional() }).meta({
          title: 'when',
          description: 'Steps that are taken if the client has asked for or said this',
        }),
        z
          .strictObject({ repeat: whole(1, 10_000), steps: serverSteps })
          .meta({ title: 'repeat', description: 'Steps, a number of times' }),
        // One alternative for each verb: zod cannot know that the entries are those of the type.
      ] as const) as z.ZodType<ServerStepFile>,
  )
  // meta() would make a copy, and the lists of steps inside would refer to another kind of step.
  .register(z.globalRegistry, { id: 'step', title: 'Step', description: 'What the server does next' });

/** What the server does, step by step. */
export const serverSteps = z
  .array(serverStep, 'expected a list of steps')
  .max(MOST_STEPS_IN_A_LIST, `expected at most ${MOST_STEPS_IN_A_LIST} steps`);

/** The verbs of steps, for explanations: which are words, and which take a value, possibly with an example. */
export interface Verbs {
  readonly simple: readonly string[];
  readonly valued: ReadonlyMap<string, unknown>;
}

/** The verbs of a server's steps, for explanations. */
export const SERVER_STEPS: Verbs = {
  simple: Object.keys(simpleSteps),
  valued: new Map<string, unknown>([
    ...Object.entries(serverVerbs).map(
      ([verb, value]) => [verb, valueAt(value.meta(), ['examples', 0])] as const,
    ),
    ['chance', '50%'],
    ['when', { query: { language: 'nl' } }],
    ['repeat', 3],
  ]),
};

/** All verbs. */
export const SERVER_VERBS: readonly string[] = [
  ...new Set([...SERVER_STEPS.simple, ...SERVER_STEPS.valued.keys()]),
];
