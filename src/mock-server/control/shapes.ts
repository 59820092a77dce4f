import { z } from 'zod';
import { HAPPENINGS, whole } from './values.ts';

/** The forms of what is answered. */

export const sessionShape = z
  .strictObject({
    id: z.string(),
    dialect: z.string().optional().describe('The vendor'),
    life: z.string().describe('The endpoint'),
    edition: z.string(),
    language: z.string().optional().describe('What the client asked for'),
    scenario: z.string().optional(),
    isOpen: z.boolean(),
    closeCode: whole.optional().describe('1005 without a code, 1006 without a Close frame'),
    audioMs: z.number().min(0),
    results: whole.describe('Result messages that were sent'),
    received: z.strictObject(Object.fromEntries(HAPPENINGS.map((what) => [what, whole]))),
    events: whole.optional().describe('Events of the trace'),
    droppedEvents: whole.optional().describe('Those of them that the journal has discarded'),
  })
  .meta({ id: 'Session' });

export const requestShape = z
  .strictObject({
    id: z.string(),
    method: z.string().optional(),
    target: z.string().optional(),
    status: whole.optional(),
  })
  .meta({ id: 'Request', description: 'A refused upgrade or a call over HTTP' });

export const traceShape = z
  .array(z.looseObject({ session: z.string(), atMs: z.number(), kind: z.string() }).meta({ id: 'Event' }))
  .describe('The end of the trace');

export const errorShape = z
  .looseObject({
    error: z.string(),
    expected: z.string().optional(),
    requestId: z.string().describe('The value of the header x-request-id'),
  })
  .meta({ id: 'Error' });
