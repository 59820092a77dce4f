import { z } from 'zod';
import { UserError } from '../../../runtime/errors.ts';
import type { ScenarioMistake } from '../../../scenario/read/load.ts';
import { LONGEST_SCENARIO_NAME } from '../../../scenario/posted.ts';
import { isFileName } from '../../selection/save.ts';
import { fail } from '../answers.ts';
import { call, type Call, type Part } from '../call.ts';
import type { ControlOptions } from '../options.ts';
import { whole } from '../values.ts';

const scenarioText: Part<string> = {
  schema: z.string().min(1),
  isText: true,
  expected: 'a scenario, in YAML or JSON',
  wrong: 'There is no scenario in the body',
  contents: { 'application/yaml': z.string() },
};

const mistakeShape = z.strictObject({
  ...{ line: whole, column: whole },
  path: z.string().describe('Where in the scenario, such as server[2].wait'),
  what: z.string().describe('What is wrong, and what was expected instead'),
  meant: z.string().optional().describe('The key or word that may have been meant'),
});

/** A mistake in a scenario, as shown to a caller who has the text. */
export function shownMistake({
  line,
  column,
  where,
  message,
  meant,
}: ScenarioMistake): z.infer<typeof mistakeShape> {
  return { line, column, path: where, what: message, ...(meant === undefined ? {} : { meant }) };
}

/** What an editor of scenarios needs: what can be in a scenario, what is wrong with one, and where it can be saved. */
export function scenarioFileCalls({ saveScenario }: ControlOptions): readonly Call[] {
  return [
    call({
      method: 'get',
      path: '/scenario-schema',
      does: 'The JSON Schema of scenarios, with a description of every step',
      answers: {
        200: { means: 'As understudy scenario schema prints it', schema: z.record(z.string(), z.unknown()) },
      },
      async answer(_asked, response) {
        const { jsonSchema } = await import('../../../scenario/schema/json-schema.ts');
        response.json({ ...jsonSchema(), ...(saveScenario === undefined ? {} : { 'x-can-save': true }) });
      },
    }),
    call({
      method: 'post',
      path: '/scenario-check',
      does: 'What is wrong with a scenario, which is not kept',
      body: scenarioText,
      answers: {
        200: {
          means: 'Its mistakes, or its dialect when it has none',
          schema: z.strictObject({ mistakes: z.array(mistakeShape), dialect: z.string().optional() }),
        },
      },
      async answer({ body }, response) {
        const { readScenario } = await import('../../../scenario/read/load.ts');
        const read = readScenario('scenario', 'scenario.yaml', body);
        if (read.kind === 'scenario') response.json({ mistakes: [], dialect: read.scenario.file.dialect });
        else response.json({ mistakes: read.mistakes.map(shownMistake) });
      },
    }),
    ...(saveScenario === undefined ? [] : [save(saveScenario)]),
  ];
}

function save(saveScenario: NonNullable<ControlOptions['saveScenario']>): Call {
  return call({
    method: 'put',
    path: '/scenario-files/:name',
    does: 'Saves a scenario as a file in the folder of --scenarios, and adds it',
    query: {
      schema: z.strictObject({ replace: z.enum(['0', '1']).default('0') }),
      expected: 'replace=1 to replace an existing file, or nothing',
    },
    body: scenarioText,
    answers: {
      200: { means: 'It is saved', schema: z.strictObject({ name: z.string(), dialect: z.string() }) },
    },
    errors: {
      409: 'There is a file of this name already, or it cannot be written',
      422: 'The scenario has mistakes, which are listed in the field mistakes',
    },
    async answer({ params: { name = '' }, query: { replace }, body }, response) {
      if (!isFileName(name)) {
        const expected = `small letters, digits and single dashes, at most ${LONGEST_SCENARIO_NAME}, and no name of a device`;
        return fail(response, 400, { error: 'The name cannot be one of a scenario', expected });
      }
      const { readScenario } = await import('../../../scenario/read/load.ts');
      const read = readScenario(name, `${name}.yaml`, body);
      if (read.kind === 'mistakes')
        return fail(
          response,
          422,
          { error: 'The scenario has mistakes' },
          { mistakes: read.mistakes.map(shownMistake) },
        );
      try {
        if (await saveScenario(name, body, replace === '1'))
          return void response.json({ name, dialect: read.scenario.file.dialect });
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        return fail(response, 409, {
          error: `The scenario was not saved: ${error.message}`,
          expected: 'a folder that can be written to',
        });
      }
      fail(response, 409, {
        error: 'There is a file of this name already',
        expected: 'another name, or replace=1',
      });
    },
  });
}
