import { z } from 'zod';
import { UserError } from '../runtime/errors.ts';
import { jsonIn } from '../wire/json-place.ts';
import { keysOf } from '../runtime/json/fields.ts';
import { MOST_SHARDS } from '../runtime/shard.ts';
import { visible } from '../runtime/text/plain.ts';
import { SOCKET_DIALECTS } from './dialects.ts';
import { MOST_BUCKET } from './histogram.ts';
import { COUNTS, TIMES, type LoadReport } from './result.ts';

/** Characters of a file; the longest report of ours has a few million. */
export const LONGEST_LOAD = 64 * 2 ** 20;
const MOST_STRETCHES = 1000;

const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const buckets = z.array(z.tuple([z.number().int().min(0).max(MOST_BUCKET), count])).max(MOST_BUCKET + 1);
const tally = z.record(z.string(), count);
const ofTimes = <Each extends z.ZodType>(each: Each) =>
  z.object(Object.fromEntries(keysOf(TIMES).map((name) => [name, each])));

const SCHEMA = z.object({
  schemaVersion: z.literal(1),
  kind: z.literal('load'),
  tool: z.object({ name: z.literal('asr-understudy'), version: z.string() }),
  subject: z.object({
    dialect: z.enum(SOCKET_DIALECTS),
    edition: z.string().optional(),
    target: z.string(),
  }),
  startedAt: z.iso.datetime(),
  durationMs: z.number().min(0),
  terms: z.object({
    perSecond: z.number(),
    holdMs: z.number(),
    forMs: z.number(),
    from: z.string().optional(),
    query: z.record(z.string(), z.string()).optional(),
    start: z.record(z.string(), z.unknown()).optional(),
    slos: z.array(z.string()).max(MOST_STRETCHES),
  }),
  shard: z
    .object({ index: z.number().int().min(1), count: z.number().int().min(1).max(MOST_SHARDS) })
    .refine(({ index, count: all }) => index <= all, 'expected an index up to count')
    .optional(),
  counts: z.object(Object.fromEntries(keysOf(COUNTS).map((name) => [name, count]))),
  refusals: tally,
  failures: tally,
  closes: tally,
  times: ofTimes(z.object({ count, buckets })),
  stretchMs: z.number().min(1),
  timeline: z
    .array(z.object({ atMs: z.number().min(0), started: count, open: count, times: ofTimes(buckets) }))
    .max(MOST_STRETCHES),
  isStopped: z.boolean(),
});

/** Reads the report of a load. @throws UserError with the place of the first mistake */
export function readLoad(text: string, file: string): LoadReport {
  if (text.length > LONGEST_LOAD)
    throw new UserError(`the report has ${text.length} characters; at most ${LONGEST_LOAD} are read`, {
      file,
    });
  const result = SCHEMA.safeParse(jsonIn(text, file, 'load merge reads what --report json:FILE wrote'));
  if (result.success) return result.data as unknown as LoadReport;
  const [issue] = result.error.issues;
  throw new UserError(visible((issue?.message ?? '').replace(/^Invalid (input|option): /, '')), {
    file,
    key: issue?.path.map(String).join('.') || 'the report',
  });
}
