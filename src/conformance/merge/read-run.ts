import { z } from 'zod';
import { MOST_SHARDS } from '../../runtime/shard.ts';
import { MOST_LISTED, OUTCOMES, readReportAs, VERDICT_NAMES } from '../report/diff/read-report.ts';
import type { Report } from '../report/report.ts';

const text = z.string();
const count = z.number().int().min(0);
const texts = z.array(text).max(MOST_LISTED);
const indexes = z.array(count).max(MOST_LISTED);

const REQUIREMENT = z.looseObject({
  id: text.min(1),
  level: z.enum(['MUST', 'SHOULD', 'INFO']),
  side: z.enum(['server', 'client', 'both']),
  verdict: z.enum(VERDICT_NAMES),
  exercised: count,
  broken: count.optional(),
  durationMs: z.number().optional(),
  reading: text.nullable(),
  source: z.array(z.looseObject({ document: text, line: count.optional(), section: text.optional() })),
  statement: text,
  expected: text.optional(),
  actual: text.optional(),
  reason: text.optional(),
  cause: text.optional(),
  play: text.optional(),
  evidence: indexes.optional(),
  also: z
    .array(z.object({ play: text, evidence: indexes }))
    .max(MOST_LISTED)
    .optional(),
  trace: text.optional(),
  scenario: text.optional(),
  determinism: text.optional(),
  shrunk: z.enum(['no', 'partly']).optional(),
  repro: text.optional(),
  diagram: text.optional(),
});

const PROGRAM = z.looseObject({
  play: text,
  end: text,
  exitCode: z.number().int().optional(),
  signal: text.optional(),
  stderr: texts,
  stderrByteCount: count,
});

/** Everything that a report in JSON contains (`docs/check-an-endpoint.md`); unknown fields are kept. */
const SCHEMA = z.looseObject({
  schemaVersion: z.literal(1),
  tool: z.object({ name: z.literal('asr-understudy'), version: text }),
  subject: z.object({
    kind: z.enum(['server', 'client', 'trace']),
    dialect: text,
    edition: text.optional(),
    target: text,
  }),
  seed: count,
  profile: text,
  startedAt: z.iso.datetime(),
  durationMs: z.number().min(0),
  outcome: z.enum(OUTCOMES),
  summary: z.record(text, count),
  requirements: z.array(REQUIREMENT).max(MOST_LISTED),
  observations: z.array(z.object({ id: text, text })).max(MOST_LISTED),
  sessions: z
    .array(
      z.looseObject({
        name: text,
        play: text,
        session: text,
        trace: text.optional(),
        closeCode: z.number().int().optional(),
        audioMs: z.number(),
        audioBytes: z.number().int().optional(),
      }),
    )
    .max(MOST_LISTED),
  programs: z.array(PROGRAM).max(MOST_LISTED).optional(),
  tolerances: z.record(text, z.union([z.number(), z.tuple([z.number(), z.number()])])),
  causes: texts.optional(),
  notes: texts,
  shard: z
    .looseObject({
      index: z.number().int().min(1),
      count: z.number().int().min(1).max(MOST_SHARDS),
      terms: z.record(text, text),
      alone: z.enum(OUTCOMES),
      readings: z
        .array(z.object({ id: text, reading: text, play: text, session: text.optional(), events: indexes }))
        .max(MOST_LISTED)
        .optional(),
      unneeded: z.record(text, text).optional(),
      record: z.unknown().optional(),
    })
    .refine(({ index, count: all }) => index <= all, 'expected an index up to count')
    .optional(),
});

/**
 * Reads the report of a run, or of a part of one, that was written as JSON.
 *
 * @param name its name in errors: the path of the file
 * @throws UserError with the place of every mistake, up to ten
 */
export function readRun(text: string, name: string): Report {
  // The schema covers everything that is read from a report; texts are only shown, not relied upon.
  return readReportAs(SCHEMA, text, name) as unknown as Report;
}
