import type { Mistake, Path } from './explain/mistake.ts';
import { costOf, isTooMuch, NO_COST, plus, TOO_MUCH, type Cost } from './cost.ts';
import type { ScenarioDialect } from './scenario.ts';
import type { ScenarioFile } from './schema.ts';
import type { StepValue } from './schema/server-steps.ts';

/** What is wrong with a scenario although each of its parts is right. */
export function contradictions(file: ScenarioFile): readonly Mistake[] {
  const { server } = file;
  if (server === undefined) return [];
  const misplaced = [...otherDialect(file.dialect, server)];
  if (misplaced.length > 0) return misplaced;
  return stepLists(server).flatMap(({ path, steps }) => [...tooMuch(path, steps)]);
}

type Server = NonNullable<ScenarioFile['server']>;

const REST_KEYS = ['service', 'start-time', 'on-initialize', 'initialize', 'status'];

function* otherDialect(dialect: ScenarioDialect, server: Server): Generator<Mistake> {
  const keys = Array.isArray(server) ? [] : Object.keys(server);
  if (dialect === 'scriptix-rest') {
    const message =
      'the dialect scriptix-rest has no steps: expected service, start-time, on-initialize, initialize or status';
    if (Array.isArray(server)) yield { path: ['server'], message };
    for (const key of keys.filter((own) => !REST_KEYS.includes(own))) {
      yield { path: ['server', key], isKey: true, message };
    }
    return;
  }
  for (const key of keys.filter((own) => REST_KEYS.includes(own))) {
    const message = `only the dialect scriptix-rest has "${key}": expected a list of steps, handshake, steps or attempts`;
    yield { path: ['server', key], isKey: true, message };
  }
}

interface StepList {
  readonly path: Path;
  readonly steps: readonly StepValue[];
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

/** The first step that makes a list too long, and of the steps in it the one that does. */
function* tooMuch(path: Path, steps: readonly StepValue[]): Generator<Mistake> {
  let sum: Cost = NO_COST;
  for (const [i, step] of steps.entries()) {
    sum = plus(sum, costOf(step));
    if (!isTooMuch(sum)) continue;
    const inner = typeof step === 'string' ? [] : innerLists([...path, i], step);
    const deeper = inner.flatMap((list) => [...tooMuch(list.path, list.steps)]);
    yield* deeper.length > 0 ? deeper : [{ path: [...path, i], message: TOO_MUCH }];
    return;
  }
}

function innerLists(path: Path, step: Readonly<Record<string, unknown>>): readonly StepList[] {
  return ['steps', 'else'].flatMap((key) => {
    const steps = step[key];
    return Array.isArray(steps) ? [{ path: [...path, key], steps: steps as readonly StepValue[] }] : [];
  });
}
