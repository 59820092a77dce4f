import { z } from 'zod';
import { closest } from '../../runtime/closest.ts';
import { fail } from './answers.ts';
import { call, type Call } from './call.ts';
import type { ControlOptions } from './options.ts';

/** Which scenarios there are, and who gets which. */
export function scenarioCalls({ hasScenario, scenarios, assignments }: ControlOptions): readonly Call[] {
  return [
    call({
      method: 'get',
      path: '/scenarios',
      does: 'The scenarios that can be assigned',
      answers: {
        200: {
          means: 'Their names',
          schema: z.strictObject({
            scenarios: z.array(z.strictObject({ dialect: z.string(), name: z.string() })),
          }),
        },
      },
      answer: (_asked, response) => void response.json({ scenarios: scenarios() }),
    }),
    call({
      method: 'put',
      path: '/assignments/:token',
      does: 'The next connections with this token get the scenario',
      body: {
        schema: z.object({ scenario: z.string() }),
        wrong: { error: 'Unknown scenario', expected: '{"scenario": a name of GET scenarios}' },
      },
      answers: { 200: { means: 'It is assigned', schema: z.strictObject({ scenario: z.string() }) } },
      errors: { 409: 'There are too many assignments' },
      answer({ params: { token = '' }, body: { scenario } }, response) {
        if (!hasScenario(scenario)) {
          const meant = closest(
            scenario,
            scenarios().map(({ name }) => name),
          );
          const hint = meant === undefined ? '' : ` (did you mean ${meant}?)`;
          const expected = '{"scenario": a name of GET scenarios}';
          return fail(response, 400, { error: `Unknown scenario${hint}`, expected });
        }
        if (!assignments.set(token, scenario)) {
          const expected = 'DELETE or POST reset before';
          return fail(response, 409, { error: 'There are too many assignments', expected });
        }
        response.json({ scenario });
      },
    }),
    call({
      method: 'delete',
      path: '/assignments/:token',
      does: 'Takes the assignment back',
      answers: { 204: { means: 'It is gone' } },
      errors: { 404: 'The token has no assignment' },
      answer({ params: { token = '' } }, response) {
        if (assignments.delete(token)) return void response.status(204).end();
        fail(response, 404, { error: 'The token has no assignment' });
      },
    }),
  ];
}
