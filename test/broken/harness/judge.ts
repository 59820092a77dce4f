import { expect } from 'vitest';
import {
  runConformance,
  type ConformanceRun,
  type ConformanceOptions,
} from '../../../src/conformance/run-server.ts';
import type { Verdict } from '../../../src/conformance/judge/result.ts';
import { falselyBlamed } from './falsely-blamed.ts';
import { startMutant } from './mutant.ts';
import type { Mutating, Mutation } from './mutation.ts';
import { PATIENCE } from './patience.ts';
import { inRoom } from './room.ts';
import './warm.ts';

export type ServiceName = 'scriptix' | 'reson8' | 'reson8-turns';

const CREDENTIALS = {
  valid: 'right-key',
  admin: 'right-key',
  user: 'user-key',
  invalid: 'invalid-key',
};

/** A server of Reson8 without turns, which are judged by themselves. */
export const WITHOUT_TURNS: Mutation = {
  admit: ({ path }) =>
    path.endsWith('/turns')
      ? { kind: 'refuse', reply: { status: 404, body: { code: 'NOT_FOUND', message: 'No' } } }
      : undefined,
};

/** A deviation of one service; another socket of its vendor does not show it. */
function confined(dialect: ServiceName, mutating: Mutating): Mutating {
  const mutation = typeof mutating === 'function' ? mutating() : mutating;
  const isDeviating = Object.keys(mutation).some((key) => key !== 'fake');
  if (dialect !== 'reson8' || !isDeviating) return mutation;
  return { ...mutation, admit: (...asked) => WITHOUT_TURNS.admit?.(...asked) ?? mutation.admit?.(...asked) };
}

/**
 * Lets the runner judge a server with one deviation, once the machine has room for it. No sentence of the report may blame
 * what it does not show.
 */
export async function judged(
  dialect: ServiceName,
  mutation: Mutating,
  options: Partial<ConformanceOptions> = {},
): Promise<ConformanceRun> {
  const { seed = 1 } = options;
  const run = await inRoom(async () => {
    await using mutant = await startMutant(confined(dialect, mutation), seed);
    return await runConformance({
      dialect,
      url: mutant.url,
      apiUrl: mutant.apiUrl,
      credentials: CREDENTIALS,
      profile: 'quick',
      pace: 20,
      tolerances: PATIENCE,
      concurrency: 12,
      ...options,
    });
  });
  expect(falselyBlamed(run.report)).toEqual([]);
  return run;
}

/** The verdict of each requirement. */
export function verdictsOf({ report }: ConformanceRun): ReadonlyMap<string, Verdict> {
  return new Map(report.requirements.map(({ id, verdict }) => [id, verdict]));
}
