import { z } from 'zod';

/**
 * The format of a scenario file: the one source of what may be in it. Files are YAML 1.2 (JSON is YAML, too). Unknown
 * keys are errors. This module takes a while to import, so only who reads a scenario imports it.
 */

const DIALECTS = ['scriptix', 'scriptix-stream', 'scriptix-rest', 'reson8'] as const;

const durationText = z
  .string()
  .regex(/^\d+(\.\d+)?(ms|s|m|h)$/, 'expected a length of time such as 300ms, 2s or 1m')
  .describe('A length of time: 300ms, 2s, 1.5m, 1h');

const duration = z.union([
  durationText,
  z
    .strictObject({ min: durationText, max: durationText })
    .describe('A length of time that chance draws from a range, by the seed'),
]);

const percent = z
  .string()
  .regex(/^(100|\d{1,2}(\.\d+)?)%$/, 'expected a percentage such as 5%')
  .describe('How likely, 0% to 100%');

const count = z.int().min(1).max(1_000_000);
const json = z.unknown().describe('Any JSON value, sent as compact JSON');
const extra = z.record(z.string(), z.unknown()).describe('Fields besides those of the dialect');
const confidence = z.number().describe('A probability, 0 to 1, or any number to show a wrong one');

/** Bytes in one of three spellings. */
const payload = z.union([
  z.string().describe('Text'),
  z.strictObject({ text: z.string() }),
  z.strictObject({
    hex: z.string().regex(/^([0-9a-fA-F]{2}\s*)*$/, 'expected pairs of hexadecimal digits'),
  }),
  z.strictObject({ base64: z.base64() }),
]);

const word = z.strictObject({
  text: z.string(),
  start: durationText,
  end: durationText,
  confidence: confidence.optional(),
});

const spokenText = z.string().min(1).max(10_000);

const partial = z.union([
  spokenText,
  z.strictObject({
    text: z.string().max(10_000),
    offset: durationText.optional().describe('Where the segment begins in the audio (0ms)'),
    stability: z.number().optional().describe('0 to 1 (0.85)'),
    extra: extra.optional(),
  }),
]);

const final = z.union([
  spokenText,
  z.strictObject({
    text: z.string().max(10_000).optional(),
    words: z
      .array(word)
      .max(1000)
      .optional()
      .describe('Words with their times, from the beginning of the audio'),
    offset: durationText.optional(),
    speaker: z.string().optional(),
    extra: extra.optional(),
  }),
]);

const until = z
  .strictObject({
    audio: durationText.optional(),
    speech: durationText.optional(),
    bytes: count.optional(),
    frames: count.optional(),
    partials: count.optional(),
    finals: count.optional(),
    flushes: count.optional(),
    time: durationText.optional(),
    idle: durationText.optional(),
    stop: z.literal(true).optional(),
  })
  .describe('The step ends with the first of these, counted from its beginning');

const distortion = {
  partials: z
    .enum(['none', 'twice', 'distinct', 'regress', 'rewrite', 'reorder', 'empty', 'late', 'append'])
    .optional(),
  finals: z.enum(['none', 'twice', 'change', 'empty']).optional(),
  times: z.enum(['late', 'negative', 'overlap', 'absolute']).optional(),
  confidence: z.union([confidence, z.literal('logprob')]).optional(),
  speaker: z.string().optional(),
  flush: z.enum(['none', 'twice', 'without-id', 'wrong-id', 'before-final', 'empty-final']).optional(),
  'partial-extra': extra.optional(),
  'final-extra': extra.optional(),
};

const closeCode = z.int().min(1000).max(4999);
const abortHow = z.enum(['fin', 'reset', 'silence']);
const endsTcp = {
  then: z.enum(['fin', 'reset', 'stay']).optional().describe('What follows on the TCP connection (fin)'),
};

const SIMPLE_STEPS = [
  'open',
  'transcribe',
  'finish',
  'close',
  'hang',
  'stall',
  'bad-opcode',
  'masked-frame',
  'bad-utf8',
] as const;

/** Each step is one verb with what it needs. */
const serverVerbs = {
  await: z.union([
    z.enum(['start', 'stop', 'audio', 'flush', 'source']),
    z.strictObject({
      for: z.enum(['start', 'stop', 'audio', 'flush', 'source']),
      count: count.optional(),
      limit: durationText.optional().describe('How long to wait (60s)'),
      late: z.string().optional().describe('The error text when the client does not come'),
    }),
  ]),
  wait: duration,
  state: z.string(),
  speak: z.union([
    spokenText,
    z.strictObject({
      text: spokenText,
      pace: durationText
        .optional()
        .describe('Speech heard per word; otherwise as long as a word takes to say'),
      ...distortion,
    }),
  ]),
  transcribe: z.strictObject({ until: until.optional(), idle: durationText.optional(), ...distortion }),
  partial,
  final,
  error: z.string().describe('The error message of the dialect; the connection stays open'),
  fail: z.union([
    z.string(),
    z.strictObject({
      problem: z.enum(['invalid-request', 'unauthorized', 'timeout', 'source', 'internal']),
      message: z.string(),
    }),
  ]),
  confirm: z
    .union([z.string(), z.null(), z.literal(false)])
    .describe('A flush confirmation with this id; false for one without any'),
  send: json,
  raw: payload.describe('A message as it is: text in a text frame, hex or base64 in a binary frame'),
  bytes: payload.describe('Bytes on the TCP connection, below WebSocket frames'),
  fragments: z.strictObject({
    send: json,
    parts: z.int().min(2).max(1000),
    every: durationText.optional(),
  }),
  'cut-frame': z.strictObject({
    send: json,
    after: count.describe('So many bytes of the frame'),
    ...endsTcp,
  }),
  drip: z.strictObject({ send: json, every: durationText }),
  ping: z
    .union([z.int().min(1).max(100_000), payload])
    .describe('So many pings at once, or one with a payload'),
  'close-frame': z.strictObject({
    code: z.int().min(0).max(65_535),
    reason: z.string().optional(),
    ...endsTcp,
  }),
  'bad-opcode': z.strictObject(endsTcp),
  'masked-frame': z.strictObject(endsTcp),
  'bad-utf8': z.strictObject(endsTcp),
  latency: duration.describe('Everything that follows is late by that much, in its order'),
  stall: z.strictObject({ for: durationText }),
  close: z.union([
    closeCode,
    z.strictObject({ code: closeCode.optional(), reason: z.string().max(123).optional() }),
  ]),
  abort: abortHow,
};

/** A step with one verb. */
type StepValue = string | Readonly<Record<string, unknown>>;

const serverStep: z.ZodType<StepValue> = z.lazy(() =>
  z.union([
    z.enum(SIMPLE_STEPS),
    ...Object.entries(serverVerbs).map(([verb, value]) => z.strictObject({ [verb]: value })),
    z.strictObject({
      chance: percent,
      steps: z.array(serverStep).max(1000),
      else: z.array(serverStep).max(1000).optional(),
    }),
    z.strictObject({ repeat: z.int().min(1).max(10_000), steps: z.array(serverStep).min(1).max(1000) }),
  ]),
);

const headers = z.record(
  z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/),
  z.string().regex(/^[\t\x20-\x7e]*$/),
);

const handshake = z.union([
  z.enum(['hang', 'drop', 'reset']),
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

const steps = z.array(serverStep).max(1000);
const attempt = z.union([
  steps,
  z.strictObject({ handshake: handshake.optional(), steps: steps.optional() }),
]);

const call = z.union([
  z.enum(['as-documented', 'hang', 'drop', 'reset']),
  z.strictObject({
    status: z.int().min(200).max(599).optional(),
    headers: headers.optional(),
    body: z.unknown().optional(),
    after: durationText.optional(),
  }),
]);

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

const CLIENT_SIMPLE = ['start', 'stop', 'flush', 'hang', 'connect'] as const;
const clientVerbs = {
  audio: z.union([
    durationText,
    z.strictObject({
      file: z.string().optional().describe('A bundled recording, or a file beside the scenario'),
      silence: z.literal(true).optional(),
      for: durationText.optional(),
      frame: durationText.optional().describe('Audio per frame (100ms)'),
    }),
  ]),
  flush: z.string(),
  wait: durationText,
  await: z.union([
    z.enum(['partial', 'final', 'state', 'error', 'confirmation', 'close']),
    z.strictObject({
      for: z.enum(['partial', 'final', 'state', 'error', 'confirmation', 'message', 'close']),
      count: count.optional(),
      match: z.record(z.string(), z.unknown()).optional(),
      limit: durationText
        .optional()
        .describe('How long the client waits before it goes on; without it, what never comes is a failure'),
    }),
  ]),
  send: json,
  raw: payload,
  close: z.union([closeCode, z.strictObject({ code: closeCode.optional(), reason: z.string().optional() })]),
  abort: z.enum(['fin', 'reset']),
  call: z.enum(['initialize', 'status']),
};

const clientStep: z.ZodType<StepValue> = z.union([
  z.enum(CLIENT_SIMPLE),
  ...Object.entries(clientVerbs).map(([verb, value]) => z.strictObject({ [verb]: value })),
]);

const client = z.union([
  z.array(clientStep).max(1000),
  z.strictObject({
    token: z
      .string()
      .optional()
      .describe('What the client authenticates with; nothing if empty (the token that it was given)'),
    query: z
      .record(z.string(), z.string())
      .optional()
      .describe('Query parameters; a url that begins with / is one of the bundled recordings'),
    headers: headers.optional(),
    subprotocols: z.array(z.string()).optional(),
    connections: z.int().min(1).max(20).optional().describe('So many connections, one after the other (1)'),
    steps: z.array(clientStep).max(1000).optional(),
  }),
]);

const range = z.union([
  z.int().min(0),
  z.strictObject({ min: z.int().min(0).optional(), max: z.int().min(0).optional() }),
]);

const timeRange = z
  .strictObject({ min: durationText.optional(), max: durationText.optional() })
  .describe('In the time of the scenario');

/** What a strict client finds wrong with the bytes of the server. */
const MALFORMED = ['bad-opcode', 'masked-frame', 'bad-utf8', 'close-code', 'fragments', 'cut-frame'] as const;

const outcome = z.strictObject({
  handshake: z
    .union([z.int().min(101).max(599), z.enum(['none', 'dropped', 'reset'])])
    .optional()
    .describe('The status, or no answer, or an end before it (101)'),
  headers: z
    .record(z.string(), z.union([z.string(), z.literal(false)]))
    .optional()
    .describe('Headers of the answer; false for one that is not there'),
  body: z.unknown().optional().describe('The body of the answer, or a part of its JSON'),
  messages: z
    .array(z.unknown())
    .optional()
    .describe(
      'These come in this order, perhaps with others between them; an object need only be part of a message, a string is all of it, byte for byte',
    ),
  states: z.array(z.string()).optional().describe('Exactly these states'),
  partials: range.optional(),
  finals: range.optional(),
  confirmations: range.optional(),
  errors: range.optional(),
  pings: range.optional().describe('So many pings of the server'),
  fragments: range.optional().describe('So many frames that are only a part of a message'),
  malformed: z.enum(MALFORMED).optional().describe('What is wrong with the frames (nothing)'),
  'first-result': timeRange.optional().describe('From the first audio to the first result'),
  takes: timeRange.optional().describe('From dialling to the end of the connection'),
  end: z
    .union([z.int().min(0).max(65_535), z.enum(['fin', 'reset', 'open'])])
    .optional()
    .describe(
      'The code in the Close frame of the server (1005 without one), the end of TCP without a Close frame, or that it never ends',
    ),
  reason: z.string().optional().describe('What the Close frame says besides its code'),
});

const answer = z.strictObject({
  call: z.enum(['initialize', 'status']),
  status: z.union([z.int(), z.enum(['none', 'dropped', 'reset'])]),
  headers: z.record(z.string(), z.union([z.string(), z.literal(false)])).optional(),
  body: z.unknown().optional(),
  takes: timeRange.optional(),
});

/** What must be true afterwards, from the client's side: for each connection, and for each call. */
const expect = z.union([outcome, z.array(z.union([outcome, answer])).max(100)]);

export const scenario = z
  .strictObject({
    $schema: z.string().optional(),
    dialect: z.enum(DIALECTS),
    summary: z
      .string()
      .min(1)
      .max(100)
      .regex(/^[^\n]*$/, 'expected one line')
      .describe('What it is for, in one line'),
    source: z.string().optional().describe('Where it comes from: a document and line, or protocol-notes'),
    seed: z.int().min(0).optional().describe('Instead of the seed of the server'),
    server: z
      .union([
        steps,
        z.strictObject({ handshake: handshake.optional(), steps: steps.optional() }),
        z.strictObject({ attempts: z.array(attempt).min(1).max(100) }),
        rest,
      ])
      .optional(),
    client: client.optional(),
    expect: expect.optional(),
  })
  .describe('A scenario for Understudy');

export type ScenarioFile = z.infer<typeof scenario>;
export type ServerStepFile = StepValue;

/** The verbs that a step can have, for suggestions. */
export const SERVER_VERBS: readonly string[] = [
  ...new Set([...SIMPLE_STEPS, ...Object.keys(serverVerbs), 'chance', 'repeat']),
];
export const CLIENT_VERBS: readonly string[] = [...new Set([...CLIENT_SIMPLE, ...Object.keys(clientVerbs)])];
