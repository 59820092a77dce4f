import { z } from 'zod';
import { closeCode, headers } from './values.ts';

const range = z.union([
  z.int().min(0),
  z.strictObject({ min: z.int().min(0).optional(), max: z.int().min(0).optional() }),
]);

const outcome = z.strictObject({
  handshake: z
    .union([z.int().min(101).max(599), z.enum(['none', 'dropped', 'reset'])])
    .optional()
    .describe('The status, or no answer, or an end before it (101)'),
  headers: headers.optional(),
  body: z.unknown().optional(),
  messages: z
    .array(z.unknown())
    .optional()
    .describe(
      'These come in this order, perhaps with others between them; an object need only be part of a message',
    ),
  states: z.array(z.string()).optional().describe('Exactly these states'),
  partials: range.optional(),
  finals: range.optional(),
  confirmations: range.optional(),
  errors: range.optional(),
  end: z
    .union([closeCode, z.enum(['fin', 'reset', 'open'])])
    .optional()
    .describe('The close code of the server, the end of TCP without a Close frame, or that nobody ended it'),
});

const answer = z.strictObject({
  call: z.enum(['initialize', 'status']),
  status: z.union([z.int(), z.enum(['none', 'dropped', 'reset'])]),
  body: z.unknown().optional(),
});

/** What must be true afterwards, from the client's side: for each connection, and for each call. */
export const expect = z.union([outcome, z.array(z.union([outcome, answer])).max(100)]);
