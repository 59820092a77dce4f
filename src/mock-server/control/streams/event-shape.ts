import { z } from 'zod';
import { SERVICE_STATUSES } from '../../../protocol/scriptix/service.ts';
import { RESET_PARTS } from '../reset.ts';
import { whole } from '../values.ts';

const numbered = {
  n: z.int().min(1).describe('Counts what has happened since the server started'),
  atMs: z.number().min(0).describe('Scenario time'),
};
const id = z.string();
const audioMs = z.number().min(0);

/** The form of a line of `GET events`; its type is `LiveEvent`. */
export const eventShape = z
  .discriminatedUnion('event', [
    z.strictObject({ event: z.literal('start'), next: z.int().min(1), nowMs: z.number().min(0) }),
    z.strictObject({
      ...{ event: z.literal('session-open'), ...numbered, id, life: z.string(), edition: z.string() },
      ...{ language: z.string().optional(), scenario: z.string().optional() },
    }),
    z.strictObject({
      ...{ event: z.literal('session'), atMs: numbered.atMs, id, audioMs, results: whole, frames: whole },
    }),
    z.strictObject({
      event: z.literal('session-close'),
      ...numbered,
      id,
      code: whole,
      audioMs,
      results: whole,
    }),
    z.strictObject({
      event: z.enum(['session-note', 'session-error']),
      ...numbered,
      id,
      message: z.string(),
    }),
    z.strictObject({
      ...{ event: z.enum(['refused', 'request']), ...numbered, id, method: z.string(), path: z.string() },
      ...{ status: whole.optional() },
    }),
    z.strictObject({
      ...{ event: z.literal('scenario'), ...numbered },
      change: z.enum(['added', 'removed', 'loaded', 'broken', 'default']),
      ...{ name: z.string().optional(), message: z.string().optional() },
    }),
    z.strictObject({
      ...{ event: z.literal('service'), ...numbered },
      state: z.enum(SERVICE_STATUSES),
    }),
    z.strictObject({ event: z.literal('clock'), ...numbered, nowMs: z.number().min(0) }),
    z.strictObject({ event: z.literal('reset'), ...numbered, parts: z.array(z.enum(RESET_PARTS)) }),
    z.strictObject({ event: z.literal('gap'), missed: whole.describe('How many events are missing here') }),
  ])
  .meta({ id: 'LiveEvent', description: 'Something that happens in the fake' });
