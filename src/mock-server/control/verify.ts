import { z } from 'zod';
import { HAPPENINGS } from '../open-session.ts';
import { FILTER_DIALECTS } from '../session-filter.ts';
import { MOST_EXPECTATIONS } from '../verify/verifier.ts';
import { contradictionsIn } from '../verify/verify.ts';
import { call, type Call } from './call.ts';
import type { ControlOptions } from './options.ts';
import { MOST_COUNT, waitTime, whole } from './values.ts';
import { tooManyWaits, Waits } from './waits.ts';

/** The maximum number of these calls at the same time, since each looks again and again while it waits. */
const MOST_VERIFYING = 20;

const count = z.int().min(0).max(MOST_COUNT).optional();

const expectation = z
  .strictObject({
    session: z.string().optional().describe('Only on this connection'),
    token: z.string().optional().describe('Only on those of clients with this token, or made from this key'),
    dialect: z.enum(FILTER_DIALECTS).optional(),
    scenario: z.string().optional(),
    open: z.boolean().optional(),
    of: z.enum(HAPPENINGS).optional().describe('What the client has done (frame)'),
    message: z.unknown().optional().describe('A JSON message of the client that contains all of this'),
    atLeast: count.describe('1, if no number is given'),
    atMost: count,
    exactly: count,
  })
  .check(({ value, issues }) => {
    for (const { key, why } of contradictionsIn(value)) {
      issues.push({ code: 'custom', input: value, path: [key], message: why });
    }
  })
  .meta({ id: 'Expectation' });

const result = z.strictObject({
  ok: z.boolean(),
  count: whole,
  isIncomplete: z
    .literal(true)
    .optional()
    .describe('The journal has discarded messages, so there may be more'),
  nearest: z
    .array(
      z.strictObject({
        session: z.string(),
        count: whole.optional(),
        message: z.unknown().optional(),
        differs: z.array(z.string()).optional(),
      }),
    )
    .optional(),
});

/** Checks expectations of what clients have done, all in one call. */
export function verifyCalls({ verify }: ControlOptions): readonly Call[] {
  const waits = new Waits(MOST_VERIFYING);
  return [
    call({
      method: 'post',
      path: '/verify',
      does: 'Whether clients have done what is expected of them. within=5s waits for it, and an upper limit has to hold for all of this time',
      body: {
        schema: z.strictObject({
          expectations: z.array(expectation).min(1).max(MOST_EXPECTATIONS),
          within: waitTime.prefault('0s'),
        }),
        expected: `{"expectations": [1 to ${MOST_EXPECTATIONS} of {"of": ${HAPPENINGS.join('|')} or "message": {…}, "atLeast", "atMost" or "exactly": a number; "session", "token", "dialect", "scenario", "open"}], "within": "5s" (at most 10m)}`,
      },
      answers: {
        200: {
          means: 'Whether all expectations hold, and which of them',
          schema: z.strictObject({ ok: z.boolean(), results: z.array(result) }),
        },
      },
      errors: { 429: 'Too many waits at the same time' },
      async answer({ body: { expectations, within } }, response) {
        const isOver = await waits.wait(response, async (signal) => {
          const verification = await verify(expectations, { withinMs: within, signal });
          if (!response.destroyed) response.json(verification);
        });
        if (!isOver) tooManyWaits(response, MOST_VERIFYING);
      },
    }),
  ];
}
