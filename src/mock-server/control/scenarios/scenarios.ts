import { z } from 'zod';
import { LONGEST_SCENARIO_NAME, SCENARIO_NAME } from '../../../scenario/posted.ts';
import { UserError } from '../../../runtime/errors.ts';
import { isDeeperThan } from '../../../runtime/json/depth.ts';
import { closest, suggestion } from '../../../runtime/text/closest.ts';
import { fail } from '../answers.ts';
import { call, DEEPEST_BODY, type Call } from '../call.ts';
import type { ControlOptions } from '../options.ts';
import { shownMistake } from './files.ts';

/** More dialects than there are. */
const MOST_DEFAULTS = 100;

const NAME_EXPECTED = `name= small letters, digits and single dashes, at most ${LONGEST_SCENARIO_NAME}`;
const POST_EXPECTED =
  '{"name": "…", "yaml": "…"}, {"name": "…", "scenario": {…}}, or the scenario itself with ?name=';

const scenarioName = z.string().regex(SCENARIO_NAME).max(LONGEST_SCENARIO_NAME);

const envelope = z.union([
  z.strictObject({ name: scenarioName, yaml: z.string() }),
  z.strictObject({ name: scenarioName, scenario: z.looseObject({}) }),
]);

const defaultsShape = z.strictObject({
  scenario: z
    .record(z.string(), z.string())
    .describe('By dialect; a dialect that is not named here behaves as documented'),
});

/** Which scenarios exist, and which connections get them. */
export function scenarioCalls(options: ControlOptions): readonly Call[] {
  return [...listCalls(options), ...defaultCalls(options), ...assignmentCalls(options)];
}

function defaultCalls({ defaults, setDefaults }: ControlOptions): readonly Call[] {
  return [
    call({
      method: 'get',
      path: '/scenario',
      does: 'The scenarios of connections that select none',
      answers: { 200: { means: 'The scenarios', schema: defaultsShape } },
      answer: (_asked, response) => void response.json({ scenario: defaults() }),
    }),
    call({
      method: 'put',
      path: '/scenario',
      does: 'The next connections that select none get this scenario; several are for several dialects, null for none',
      body: {
        schema: z.strictObject({
          scenario: z.union([z.string(), z.array(z.string()).max(MOST_DEFAULTS), z.null()]),
        }),
        expected: `{"scenario": a name of GET scenarios, such as "flaky" or "reson8/flaky"; a list of at most ${MOST_DEFAULTS}; or null}`,
      },
      answers: { 200: { means: 'The scenarios that they get now', schema: defaultsShape } },
      errors: { 422: 'A scenario cannot be the default' },
      async answer({ body: { scenario } }, response) {
        try {
          await setDefaults(scenario === null ? [] : [scenario].flat());
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          return fail(response, 422, { error: error.message, expected: 'names of GET scenarios' });
        }
        response.json({ scenario: defaults() });
      },
    }),
  ];
}

function listCalls({ scenarios, addScenario, removeScenario }: ControlOptions): readonly Call[] {
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
      method: 'post',
      path: '/scenarios',
      does: 'Adds a scenario, in memory. With name= in the query the body is the scenario itself, in YAML or JSON',
      query: {
        schema: z.strictObject({ name: scenarioName.optional() }),
        expected: NAME_EXPECTED,
      },
      body: {
        schema: z.string().min(1),
        isText: true,
        expected: POST_EXPECTED,
        wrong: 'There is no scenario in the body',
        contents: { 'application/json': envelope, 'application/yaml': z.string() },
      },
      answers: {
        201: {
          means: 'It can be selected, and replaces one of the same name and dialect',
          schema: z.strictObject({ name: z.string(), dialect: z.string() }),
        },
      },
      errors: {
        409: 'There are too many scenarios',
        422: 'The scenario has mistakes, which are listed in the field mistakes',
      },
      async answer({ query, body }, response) {
        const given = query.name === undefined ? readEnvelope(body) : { name: query.name, text: body };
        if (given === undefined) {
          return fail(response, 400, {
            error: 'The body is not a scenario with a name',
            expected: POST_EXPECTED,
          });
        }
        let read;
        try {
          read = await addScenario(given.name, given.text);
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          const expected = 'DELETE scenarios/:name or POST reset first';
          return fail(response, 409, { error: 'There are too many scenarios', expected });
        }
        if (read.kind === 'scenario') {
          const { name, file } = read.scenario;
          return void response.status(201).json({ name, dialect: file.dialect });
        }
        const mistakes = read.mistakes.map((mistake) => ({ file: mistake.path, ...shownMistake(mistake) }));
        fail(response, 422, { error: 'The scenario has mistakes' }, { mistakes });
      },
    }),
    call({
      method: 'delete',
      path: '/scenarios/:name',
      does: 'Removes a scenario that was added, so that one of the same name in a file is used again',
      answers: { 204: { means: 'It was removed' } },
      errors: { 404: 'No scenario of this name was added' },
      async answer({ params: { name = '' } }, response) {
        if (await removeScenario(name)) return void response.status(204).end();
        const expected = 'a name that was given to POST scenarios; scenarios in files cannot be removed';
        fail(response, 404, { error: 'No scenario of this name was added', expected });
      },
    }),
  ];
}

function assignmentCalls({ hasScenario, scenarios, assignments }: ControlOptions): readonly Call[] {
  return [
    call({
      method: 'put',
      path: '/assignments/:token',
      does: 'The next connections with this token get the scenario',
      body: {
        schema: z.strictObject({ scenario: z.string() }),
        expected: '{"scenario": a name of GET scenarios}',
      },
      answers: { 200: { means: 'It is assigned', schema: z.strictObject({ scenario: z.string() }) } },
      errors: { 409: 'There are too many assignments' },
      async answer({ params: { token = '' }, body: { scenario } }, response) {
        if (!hasScenario(scenario)) {
          const meant = closest(
            scenario,
            scenarios().map(({ name }) => name),
          );
          const expected = '{"scenario": a name of GET scenarios}';
          return fail(response, 400, { error: `Unknown scenario${suggestion(meant) ?? ''}`, expected });
        }
        if (!(await assignments.set(token, scenario))) {
          const expected = 'DELETE or POST reset first';
          return fail(response, 409, { error: 'There are too many assignments', expected });
        }
        response.json({ scenario });
      },
    }),
    call({
      method: 'delete',
      path: '/assignments/:token',
      does: 'Removes the assignment',
      answers: { 204: { means: 'It was removed' } },
      errors: { 404: 'The token has no assignment' },
      async answer({ params: { token = '' } }, response) {
        if (await assignments.delete(token)) return void response.status(204).end();
        fail(response, 404, { error: 'The token has no assignment' });
      },
    }),
  ];
}

/**
 * The name and the text of a scenario in a JSON object. The places of mistakes refer to the text with two spaces for
 * each level.
 */
function readEnvelope(body: string): { readonly name: string; readonly text: string } | undefined {
  if (isDeeperThan(body, DEEPEST_BODY)) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return undefined;
  }
  const read = envelope.safeParse(parsed);
  if (!read.success) return undefined;
  const { data } = read;
  const text = 'yaml' in data ? data.yaml : JSON.stringify(data.scenario, null, 2);
  return { name: data.name, text };
}
