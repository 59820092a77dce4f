import type { Response } from 'express';
import { z } from 'zod';
import { UserError } from '../../../runtime/errors.ts';
import { fail } from '../answers.ts';
import { call, type Call, type Part } from '../call.ts';
import { NO_SESSION, traceNotKept, unknownSession } from '../sessions/named-session.ts';
import { eventsOf } from './events.ts';
import { LONGEST_TRACE_BYTES, MOST_JUDGED_EVENTS, type Judged } from './judging.ts';
import type { ControlOptions } from '../options.ts';
import { whole } from '../values.ts';

const text = z.string();

const judgementShape = z.strictObject({
  causes: z.array(text),
  notes: z.array(text),
  requirements: z.array(
    z.strictObject({
      ...{ id: text, level: text, side: text, verdict: text, statement: text },
      source: text.describe('Documents and lines, such as S0:5-7'),
      exercised: whole,
      ...{ expected: text.optional(), actual: text.optional(), reason: text.optional() },
      evidence: z.array(whole).describe('Events that prove it, counted from 0'),
    }),
  ),
  choices: z.strictObject({
    editions: z.array(text).describe('What edition= can be'),
    deviations: z.array(z.strictObject({ name: text, meaning: text })).describe('What deviation= can be'),
  }),
});

/** A parameter that may be given more than once. */
const several = z
  .union([text, z.array(text).max(20)])
  .transform((given) => (typeof given === 'string' ? [given] : given))
  .optional();

const terms = {
  side: z.enum(['server', 'client', 'both']).optional().describe('Whose requirements (both)'),
  edition: several.describe(
    'SERVICE=NAME, or NAME in a trace of one service (those that the trace names); may be repeated',
  ),
  deviation: several.describe('Name of a deviation to accept; may be repeated'),
};
type Terms = z.infer<z.ZodObject<typeof terms>>;

const TERMS = 'side=server|client|both, edition=SERVICE=NAME, deviation= a name';

const UNKNOWN = {
  422: 'The file cannot be read, or there is no such edition or deviation',
  503: 'Too many traces are being judged, or it takes too long',
} as const;

const file: Part<string> = {
  schema: z.string().min(1),
  isText: true,
  expected: 'a trace (NDJSON) or, with format=har, a HAR file',
  wrong: 'There is no file in the body',
  contents: { 'application/x-ndjson': text, 'application/json': z.unknown() },
};

/** The calls that judge; none without a judge. */
export function judgeCalls(options: ControlOptions): readonly Call[] {
  const { judge } = options;
  if (judge === undefined) return [];
  const judging = async (judged: Judged, { side, edition, deviation }: Terms, response: Response) => {
    try {
      const named = { side, editions: edition ?? [], deviations: deviation ?? [] };
      response.json(await judge(judged, named));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      fail(response, 422, { error: error.message });
    }
  };
  return [
    call({
      method: 'get',
      path: '/sessions/:id/judge',
      does: 'The verdicts on what is remembered of one session, as conformance trace gives them',
      query: {
        schema: z.strictObject(terms),
        expected: TERMS,
      },
      answers: { 200: { means: 'It was judged', schema: judgementShape } },
      errors: { 404: NO_SESSION[404], 413: 'The session is too long', ...UNKNOWN },
      async answer({ params: { id = '' }, query }, response) {
        const events = await eventsOf(options, id);
        if (events === undefined) return unknownSession(response);
        if (events === 'not kept') return traceNotKept(response);
        if (events === 'too many') {
          const expected = `at most ${MOST_JUDGED_EVENTS} events; save the trace for conformance trace`;
          return fail(response, 413, { error: 'The session is too long', expected });
        }
        await judging({ kind: 'events', name: id, events }, query, response);
      },
    }),
    call({
      method: 'post',
      path: '/judge',
      does: `The verdicts on a file: a trace or, with format=har, what a browser saved; at most ${LONGEST_TRACE_BYTES} bytes`,
      query: {
        schema: z.strictObject({ format: z.enum(['trace', 'har']).default('trace'), ...terms }),
        expected: `format=trace|har, ${TERMS}`,
      },
      body: file,
      answers: { 200: { means: 'It was judged', schema: judgementShape } },
      errors: UNKNOWN,
      answer: ({ query: { format, ...given }, body }, response) =>
        judging({ kind: format, name: 'file', text: body }, given, response),
    }),
  ];
}
