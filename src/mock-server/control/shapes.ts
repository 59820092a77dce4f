import { z } from 'zod';
import { VENDORS } from '../../protocol/dialects.ts';
import { HAPPENINGS } from '../open-session.ts';
import { whole } from './values.ts';

/** The forms of what is answered. */

/** A connection. */
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
    openedMs: z.number().min(0).optional().describe('Scenario time of its opening'),
    events: whole.optional().describe('Events of the trace'),
    droppedEvents: whole.optional().describe('Those of them that the journal has discarded'),
  })
  .meta({ id: 'Session' });

/** A refused upgrade, or a call over HTTP. */
export const requestShape = z
  .strictObject({
    id: z.string(),
    method: z.string().optional(),
    target: z.string().optional(),
    status: whole.optional(),
    isRefused: z.literal(true).optional().describe('It was an upgrade'),
    openedMs: z.number().min(0).describe('Scenario time of its arrival'),
  })
  .meta({ id: 'Request', description: 'A refused upgrade or a call over HTTP' });

const heardFields = {
  sessions: whole.describe('Connections that sent audio, and recordings that were sent in one call'),
  audioSeconds: z.number().min(0),
  cost: z.number().min(0).optional().describe('At --price-per-minute'),
};
const heardShape = z.strictObject(heardFields).meta({ id: 'Heard' });

/** What was heard, and what it would have cost. */
export const usageShape = z
  .strictObject({
    total: heardShape,
    services: z.partialRecord(z.enum(VENDORS), heardShape),
    entries: z.array(
      z.strictObject({
        service: z.enum(VENDORS),
        token: z
          .string()
          .describe(
            'Its stand-in, as in traces; none for audio without a token, others for tokens beyond 1000',
          ),
        scenario: z.string().optional(),
        ...heardFields,
      }),
    ),
  })
  .meta({ id: 'Usage' });

/** The answer to a call that fails. */
export const errorShape = z
  .looseObject({
    error: z.string(),
    expected: z.string().optional(),
    requestId: z.string().describe('The value of the header x-request-id'),
  })
  .meta({ id: 'Error' });
