import { z } from 'zod';
import type { StepValue } from './server-steps.ts';
import { closeCode, count, durationText, headers, json, payload } from './values.ts';

const CLIENT_SIMPLE = ['start', 'stop', 'flush', 'hang'] as const;
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
      limit: durationText.optional(),
    }),
  ]),
  send: json,
  raw: payload,
  close: z.union([closeCode, z.strictObject({ code: closeCode.optional(), reason: z.string().optional() })]),
  abort: z.enum(['fin', 'reset']),
  call: z.enum(['initialize', 'status']),
};

/** What a client can do in one step. */
const clientStep: z.ZodType<StepValue> = z.union([
  z.enum(CLIENT_SIMPLE),
  ...Object.entries(clientVerbs).map(([verb, value]) => z.strictObject({ [verb]: value })),
]);

/** The client's side of a scenario. */
export const client = z.union([
  z.array(clientStep).max(1000),
  z.strictObject({
    query: z.record(z.string(), z.string()).optional(),
    headers: headers.optional(),
    subprotocols: z.array(z.string()).optional(),
    connections: z.int().min(1).max(20).optional().describe('So many connections, one after the other (1)'),
    steps: z.array(clientStep).max(1000),
  }),
]);

/** The verbs that a client's step can have, for suggestions. */
export const CLIENT_VERBS: readonly string[] = [...new Set([...CLIENT_SIMPLE, ...Object.keys(clientVerbs)])];
