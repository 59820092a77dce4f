import { z } from 'zod';
import { distortion, final, partial, spokenText, until } from './results.ts';
import { closeCode, count, duration, durationText, json, payload, percent } from './values.ts';

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
      bytes: z.int().min(1).optional().describe('Of audio, at least so much'),
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

/** A step: a word, or one verb with what it needs. */
export type StepValue = string | Readonly<Record<string, unknown>>;

/** What the server can do in one step. */
export const serverStep: z.ZodType<StepValue> = z.lazy(() =>
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

/** The verbs that a server's step can have, for suggestions. */
export const SERVER_VERBS: readonly string[] = [
  ...new Set([...SIMPLE_STEPS, ...Object.keys(serverVerbs), 'chance', 'repeat']),
];
