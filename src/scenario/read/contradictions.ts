import { fieldsOf, isList, valueAt } from '../../runtime/json/fields.ts';
import { type Dialect, DIALECT_NAMES, isSocket, vendorOf } from '../../protocol/dialects.ts';
import { ALL_CALLS, type Call } from '../dialects/calls.ts';
import { SCENARIO_DIALECTS } from '../dialects/dialects.ts';
import { editionsOf } from '../../protocol/editions.ts';
import { noEdition } from '../editions.ts';
import { listed } from '../../runtime/text/listed.ts';
import type { Mistake, Path } from '../explain/mistake.ts';
import { foreignToClient, foreignToExpected, foreignToServer } from '../contradictions/foreign.ts';
import { impossibleTimes } from '../contradictions/result-times.ts';
import { allSteps, innerLists, verbOf, type StepList } from '../contradictions/step-lists.ts';
import { unfilledInAnswer, unfilledInStep } from '../contradictions/unfilled.ts';
import { unreachable } from '../contradictions/unreachable.ts';
import { unsaid } from '../contradictions/unsaid.ts';
import { stepCostOf, isTooMuch, NO_COST, plus, TOO_MUCH, type StepCost } from './cost.ts';
import type { ScenarioFile } from '../schema/schema.ts';
import type { ServerStepFile } from '../schema/server-steps.ts';

/** Mistakes of a scenario whose parts are each valid. */
export function contradictions(file: ScenarioFile): readonly Mistake[] {
  const general = [...emptySides(file), ...wrongEdition(file)];
  if (general.length > 0) return general;
  const { dialect, server, client, expect } = file;
  return [
    ...(server === undefined ? [] : ofServer(dialect, server)),
    ...(client === undefined ? [] : foreignToClient(client, dialect)),
    ...(expect === undefined ? [] : foreignToExpected(expect, dialect)),
  ];
}

function ofServer(dialect: Dialect, server: Server): readonly Mistake[] {
  const misplaced = [...otherDialect(dialect, server)];
  if (misplaced.length > 0) return misplaced;
  const lists = stepLists(server);
  const long = lists.flatMap(({ path, steps }) => [...tooMuch(path, steps)]);
  if (long.length > 0) return long;
  return [
    ...answersOf(server).flatMap(({ path, answer }) => [
      ...unfilledInAnswer(path, answer, path[1] === ('token' satisfies Call)),
      ...unsaid(path, answer, dialect, 'handshake'),
      ...nothingToCut(path, answer),
    ]),
    ...lists.flatMap((list) => [
      ...unreachable(list),
      ...[...allSteps(list)].flatMap((step) => stepMistakes(step, dialect)),
    ]),
  ];
}

/** An empty object would be taken for a side that was written. */
function* emptySides(file: ScenarioFile): Generator<Mistake> {
  for (const side of ['server', 'client'] as const) {
    if (file[side] === undefined || Object.keys(file[side]).length > 0) continue;
    yield { path: [side], message: `expected at least one key, or no ${side} at all` };
  }
}

function* wrongEdition({ dialect, edition }: ScenarioFile): Generator<Mistake> {
  if (edition === undefined) return;
  const service = vendorOf(dialect);
  if (SCENARIO_DIALECTS[dialect].isInOneEdition === true) {
    yield { path: ['edition'], isKey: true, message: `${dialect} is the same in all editions of ${service}` };
  } else if (!editionsOf(service).includes(edition)) {
    yield { path: ['edition'], message: noEdition(service, edition) };
  }
}

function stepMistakes({ path, step }: { path: Path; step: ServerStepFile }, dialect: Dialect) {
  const [verb, value] = verbOf(step);
  const own = [...path, verb];
  return [
    ...foreignToServer(path, verb, value, dialect),
    ...unfilledInStep(own, verb, value, dialect),
    ...(verb === 'final' ? impossibleTimes(own, value) : []),
    ...(verb === 'when' ? unsaid(path, step, dialect, 'step') : []),
  ];
}

type Server = NonNullable<ScenarioFile['server']>;

/** The dialects in which a scenario says how a server answers calls. */
const OF_CALLS = DIALECT_NAMES.filter((dialect) => keysOfCalls(dialect).length > 0);

function keysOfCalls(dialect: Dialect): readonly string[] {
  const { calls = [], serverKeys = [] } = SCENARIO_DIALECTS[dialect];
  return [...serverKeys, ...calls];
}

function* otherDialect(dialect: Dialect, server: Server): Generator<Mistake> {
  const keys = Array.isArray(server) ? [] : Object.keys(server);
  if (!isSocket(dialect)) {
    const known = keysOfCalls(dialect);
    const message = `the dialect ${dialect} has no steps: expected ${listed(known)}`;
    if (Array.isArray(server)) yield { path: ['server'], message };
    for (const key of keys.filter((own) => !known.includes(own))) {
      yield { path: ['server', key], isKey: true, message };
    }
    return;
  }
  for (const key of keys) {
    const owners = OF_CALLS.filter((other) => keysOfCalls(other).includes(key));
    if (owners.length === 0) continue;
    const message = `only the dialect ${listed(owners)} has "${key}": expected a list of steps, handshake, refusals, steps or attempts`;
    yield { path: ['server', key], isKey: true, message };
  }
}

/** The steps of each connection. */
function stepLists(server: Server): readonly StepList[] {
  if (Array.isArray(server)) return [{ path: ['server'], steps: server }];
  if ('attempts' in server) {
    return server.attempts.flatMap((attempt, i): StepList[] => {
      const path = ['server', 'attempts', i];
      if (Array.isArray(attempt)) return [{ path, steps: attempt }];
      return [{ path: [...path, 'steps'], steps: attempt.steps ?? [] }];
    });
  }
  return 'steps' in server ? [{ path: ['server', 'steps'], steps: server.steps ?? [] }] : [];
}

/** The answers to requests: handshakes, and calls of the REST API. */
function answersOf(server: Server): readonly { path: Path; answer: unknown }[] {
  if (Array.isArray(server)) return [];
  if ('attempts' in server) {
    return server.attempts.flatMap((attempt, i) =>
      'handshake' in attempt
        ? [{ path: ['server', 'attempts', i, 'handshake'], answer: attempt.handshake }]
        : [],
    );
  }
  const calls = ALL_CALLS.flatMap((call) => {
    const answers = valueAt(server, [call]);
    return isList(answers) ? answers.map((answer, i) => ({ path: ['server', call, i], answer })) : [];
  });
  return 'handshake' in server ? [{ path: ['server', 'handshake'], answer: server.handshake }] : calls;
}

function* nothingToCut(path: Path, answer: unknown): Generator<Mistake> {
  const { cut, body } = fieldsOf(answer);
  const isEmpty = body === undefined || body === '';
  if (cut === true && isEmpty) yield { path: [...path, 'cut'], message: 'nothing to cut: expected a body' };
}

/** The first step that makes a list too long, down to the step inside it that does so. */
function* tooMuch(path: Path, steps: readonly ServerStepFile[]): Generator<Mistake> {
  let sum: StepCost = NO_COST;
  for (const [i, step] of steps.entries()) {
    sum = plus(sum, stepCostOf(step));
    if (!isTooMuch(sum)) continue;
    const deeper = innerLists([...path, i], step).flatMap((list) => [...tooMuch(list.path, list.steps)]);
    yield* deeper.length > 0 ? deeper : [{ path: [...path, i], message: TOO_MUCH }];
    return;
  }
}
