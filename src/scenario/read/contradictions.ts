import { fieldsOf, isFields, isList, valueAt } from '../../runtime/json/fields.ts';
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
import { saidTooLate, unsaid } from '../contradictions/unsaid.ts';
import { stepCostOf, isTooMuch, NO_COST, plus, TOO_MUCH, type StepCost } from './cost.ts';
import type { ScenarioFile, ScenarioPart } from '../schema/schema.ts';
import type { ServerStepFile } from '../schema/server-steps.ts';

/**
 * Mistakes of a scenario whose parts are each valid. None of them hides another.
 *
 * @param file what is not there is unknown; without a dialect, only what is wrong in all of them is found
 */
export function contradictions({
  dialect,
  edition,
  server,
  client,
  expect,
}: ScenarioPart): readonly Mistake[] {
  const general = server === undefined ? [] : inAnyDialect(server);
  if (dialect === undefined) return general;
  return [
    ...(edition === undefined ? [] : wrongEdition(dialect, edition)),
    ...(server === undefined ? [] : inDialect(dialect, server)),
    ...general,
    ...(client === undefined ? [] : foreignToClient(client, dialect)),
    ...(expect === undefined ? [] : foreignToExpected(expect, dialect)),
  ];
}

function inAnyDialect(server: Server): readonly Mistake[] {
  return [
    ...answersOf(server).flatMap(({ path, answer }) => [
      ...unfilledInAnswer(path, answer, path[1] === ('token' satisfies Call)),
      ...saidTooLate(path, answer),
      ...nothingToCut(path, answer),
    ]),
    ...stepLists(server).flatMap((list) => [
      ...tooMuch(list),
      ...unreachable(list),
      ...[...allSteps(list)].flatMap(({ path, step }) => {
        const [verb, value] = verbOf(step);
        return verb === 'final' ? [...impossibleTimes([...path, verb], value)] : [];
      }),
    ]),
  ];
}

function inDialect(dialect: Dialect, server: Server): readonly Mistake[] {
  const misplaced = [...otherDialect(dialect, server)];
  // A dialect without steps has none of those of any other.
  if (!isSocket(dialect)) return misplaced;
  const steps = stepLists(server).flatMap((list) => [...allSteps(list)]);
  return [...misplaced, ...steps.flatMap((step) => stepMistakes(step, dialect))];
}

/**
 * An empty object would be taken for a side that was written.
 *
 * @param file as it was written, with what is wrong in it
 */
export function* emptySides(file: unknown): Generator<Mistake> {
  for (const side of ['server', 'client']) {
    const value = valueAt(file, [side]);
    if (!isFields(value) || Object.keys(value).length > 0) continue;
    yield { path: [side], message: `expected at least one key, or no ${side} at all` };
  }
}

function* wrongEdition(dialect: Dialect, edition: string): Generator<Mistake> {
  const service = vendorOf(dialect);
  if (SCENARIO_DIALECTS[dialect].isInOneEdition === true) {
    yield { path: ['edition'], isKey: true, message: `${dialect} is the same in all editions of ${service}` };
  } else if (!editionsOf(service).includes(edition)) {
    yield { path: ['edition'], message: noEdition(service, edition) };
  }
}

function stepMistakes({ path, step }: { path: Path; step: ServerStepFile }, dialect: Dialect) {
  const [verb, value] = verbOf(step);
  return [
    ...foreignToServer(path, verb, value, dialect),
    ...unfilledInStep([...path, verb], verb, value, dialect),
    ...(verb === 'when' ? unsaid(path, step, dialect) : []),
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
function* tooMuch({ path, steps }: StepList): Generator<Mistake> {
  let sum: StepCost = NO_COST;
  for (const [i, step] of steps.entries()) {
    sum = plus(sum, stepCostOf(step));
    if (!isTooMuch(sum)) continue;
    const deeper = innerLists([...path, i], step).flatMap((list) => [...tooMuch(list)]);
    yield* deeper.length > 0 ? deeper : [{ path: [...path, i], message: TOO_MUCH }];
    return;
  }
}
