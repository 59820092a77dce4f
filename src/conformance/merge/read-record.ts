import { z } from 'zod';
import { UserError } from '../../runtime/errors.ts';
import { MOST_EVENTS } from '../../wire/trace-file.ts';
import { eventOf, TraceFault } from '../../wire/trace-schema.ts';
import type { TraceEvent } from '../../wire/trace.ts';
import type { ClientRecord } from '../judging/client.ts';
import type { FiledPart } from './runs.ts';

const MOST_PLAYS = 10_000;
const text = z.string();
const texts = z.array(text).max(MOST_PLAYS);
const flags = z.record(text, z.union([text, z.number(), z.boolean(), texts]));

const event = z.unknown().transform((value, context): TraceEvent => {
  try {
    return eventOf(value);
  } catch (error) {
    if (!(error instanceof TraceFault)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
    return z.NEVER;
  }
});

const SCHEMA = z.object({
  dialect: text,
  editions: z.record(text, text),
  target: text,
  seed: z.number(),
  profile: text,
  startedAt: text,
  durationMs: z.number(),
  chosen: z.object({ only: texts, skip: texts }),
  strict: z.boolean(),
  deviations: texts,
  baseline: z
    .array(z.object({ id: text, reason: text, expires: text.optional(), edition: text.optional() }))
    .max(MOST_PLAYS),
  tolerances: z.record(text, z.unknown()),
  plays: z
    .array(
      z.object({
        name: text,
        beganMs: z.number().optional(),
        events: z.array(event).max(MOST_EVENTS),
        program: z
          .object({
            play: text,
            end: text,
            exitCode: z.number().optional(),
            signal: text.optional(),
            stderr: texts,
            stderrByteCount: z.number(),
          })
          .optional(),
        words: text,
      }),
    )
    .max(MOST_PLAYS),
  about: z.object({
    dialect: text,
    editions: z.record(text, text),
    isAttached: z.boolean(),
    timeoutMs: z.number(),
    handed: z.object({ token: text, spellings: texts }),
    recording: z.object({ durationMs: z.number(), byteCount: z.number() }).optional(),
  }),
  again: z.object({ before: flags, after: flags, scenarios: texts, tail: texts }),
  troubles: z.object({
    notes: texts,
    cause: text.optional(),
    consequence: text.optional(),
    isCutShort: z.boolean(),
    isOurs: z.boolean(),
  }),
  cutShort: texts,
  notes: texts,
});

/**
 * What a part of a run of a client has recorded.
 *
 * @throws UserError for a report without a record, or with mistakes in it
 */
export function readRecord({ file, part }: FiledPart): ClientRecord {
  if (part.record === undefined) {
    throw new UserError('expected what the part has recorded; was the report changed?', {
      file,
      key: 'shard.record',
    });
  }
  const result = SCHEMA.safeParse(part.record);
  // The version is the same, and therefore the meaning of all names.
  if (result.success) return result.data as unknown as ClientRecord;
  const [issue] = result.error.issues;
  throw new UserError(issue?.message ?? 'cannot be read', {
    file,
    key: ['shard', 'record', ...(issue?.path ?? [])].map(String).join('.'),
  });
}
