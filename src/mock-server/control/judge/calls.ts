import { z } from 'zod';
import { UserError } from '../../../runtime/errors.ts';
import { fail } from '../answers.ts';
import { call, type Call, type Part } from '../call.ts';
import { unknownSession, NO_SESSION } from '../sessions/named-session.ts';
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
});

const file: Part<string> = {
  schema: z.string().min(1),
  isText: true,
  wrong: {
    error: 'There is no file in the body',
    expected: 'a trace (NDJSON) or, with format=har, a HAR file',
  },
  contents: { 'application/x-ndjson': text, 'application/json': z.unknown() },
};

/** The judges, where there are any. */
export function judgeCalls(options: ControlOptions): readonly Call[] {
  const { judge, journal } = options;
  if (judge === undefined) return [];
  const judging = async (judged: Judged, response: Parameters<typeof fail>[0]) => {
    try {
      response.json(await judge(judged));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      fail(response, 422, { error: error.message, expected: 'a trace, or what a browser saved as HAR' });
    }
  };
  return [
    call({
      method: 'get',
      path: '/sessions/:id/judge',
      does: 'The verdicts on what is remembered of one session, as conformance trace has them',
      answers: { 200: { means: 'It was judged', schema: judgementShape } },
      errors: { 404: NO_SESSION[404], 413: 'There is too much of it' },
      async answer({ params: { id = '' } }, response) {
        const log = journal.get(id);
        if (log === undefined) return unknownSession(response);
        if (log.total > MOST_JUDGED_EVENTS) {
          const expected = `at most ${MOST_JUDGED_EVENTS} events; save the trace for conformance trace`;
          return fail(response, 413, { error: 'The session is too long', expected });
        }
        await judging({ kind: 'events', name: id, events: log.events() }, response);
      },
    }),
    call({
      method: 'post',
      path: '/judge',
      does: `The verdicts on a file: a trace or, with format=har, what a browser saved; at most ${LONGEST_TRACE_BYTES} bytes`,
      query: {
        schema: z.strictObject({ format: z.enum(['trace', 'har']).default('trace') }),
        wrong: { error: 'Unknown parameter or format', expected: 'format=trace or format=har' },
      },
      body: file,
      answers: { 200: { means: 'It was judged', schema: judgementShape } },
      errors: { 422: 'The file cannot be read' },
      answer: ({ query: { format }, body }, response) =>
        judging({ kind: format, name: 'file', text: body }, response),
    }),
  ];
}
