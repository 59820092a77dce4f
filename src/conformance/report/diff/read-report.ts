import { z } from 'zod';
import { UserError } from '../../../runtime/errors.ts';
import { jsonIn } from '../../../wire/json-place.ts';
import { visible } from '../../../runtime/text/plain.ts';
import type { Outcome } from '../report.ts';
import type { Verdict } from '../../judge/result.ts';

/** The maximum number of characters of a file; the longest of our reports have a few hundred thousand. */
export const LONGEST_REPORT = 64 * 2 ** 20;
/** The maximum number of requirements and of observations. */
export const MOST_LISTED = 100_000;
const MOST_FAULTS = 10;

/** The names of all verdicts. */
export const VERDICT_NAMES = [
  'pass',
  'fail',
  'warn',
  'not-exercised',
  'not-applicable',
  'inconclusive',
  'excused',
] as const satisfies readonly Verdict[];
/** All outcomes. */
export const OUTCOMES = [
  'conforming',
  'violations',
  'incomplete',
  'stale-baseline',
  'harness-error',
] as const satisfies readonly Outcome[];

/**
 * The parts of a report that are needed to compare it. Further fields are ignored, since later versions may add some.
 */
const SCHEMA = z.object({
  schemaVersion: z.literal(1),
  tool: z.object({ name: z.string(), version: z.string() }),
  subject: z.object({
    kind: z.string(),
    dialect: z.string(),
    edition: z.string().optional(),
    target: z.string(),
  }),
  outcome: z.enum(OUTCOMES),
  requirements: z
    .array(
      z.object({
        id: z.string().min(1),
        verdict: z.enum(VERDICT_NAMES),
        reading: z.string().nullish(),
        statement: z.string().optional(),
      }),
    )
    .max(MOST_LISTED),
  observations: z
    .array(z.object({ id: z.string(), text: z.string() }))
    .max(MOST_LISTED)
    .default([]),
});

/** A report, as far as it is read. */
export type ReadReport = z.infer<typeof SCHEMA>;

/**
 * Reads a report that was written as JSON.
 *
 * @param name its name in errors: the path of the file
 * @throws UserError with the place of every mistake, up to MOST_FAULTS
 */
export function readReport(text: string, name: string): ReadReport {
  return readReportAs(SCHEMA, text, name);
}

/**
 * The same with another schema.
 *
 * @throws UserError
 */
export function readReportAs<Read extends { readonly requirements: readonly { readonly id: string }[] }>(
  schema: z.ZodType<Read>,
  text: string,
  name: string,
): Read {
  if (text.length > LONGEST_REPORT) {
    throw new UserError(`the report has ${text.length} characters; at most ${LONGEST_REPORT} are read`, {
      file: name,
    });
  }
  const result = schema.safeParse(jsonIn(text, name));
  if (!result.success) {
    const { issues } = result.error;
    const faults = issues.slice(0, MOST_FAULTS).map(({ path, message }) => {
      const what = message.replace(/^Invalid (input|option): /, '').replace(/^Too big: /, '');
      return { file: name, key: placeOf(path), what: visible(what) };
    });
    const rest = issues.length - faults.length;
    throw new UserError([...faults, ...(rest > 0 ? [{ file: name, what: `and ${rest} more` }] : [])]);
  }
  const seen = new Set<string>();
  for (const [i, { id }] of result.data.requirements.entries()) {
    if (seen.has(id))
      throw new UserError(`${visible(id)} appears twice`, { file: name, key: `requirements[${i}].id` });
    seen.add(id);
  }
  return result.data;
}

function placeOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the report';
  return path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i === 0 ? '' : '.'}${String(part)}`))
    .join('');
}
