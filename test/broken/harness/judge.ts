import { runServer, type ServerRun, type ServerRunOptions } from '../../../src/conformance/run-server.ts';
import type { Verdict } from '../../../src/conformance/judge/result.ts';
import { startMutant } from './mutant.ts';
import type { Mutating } from './mutation.ts';
import { PATIENCE } from './patience.ts';

export type ServiceName = 'scriptix' | 'reson8';

const CREDENTIALS = {
  valid: 'right-key',
  admin: 'right-key',
  user: 'user-key',
  invalid: 'invalid-key',
};

/** Lets the runner judge a server that does one thing otherwise. */
export async function judged(
  dialect: ServiceName,
  mutation: Mutating,
  options: Partial<ServerRunOptions> = {},
): Promise<ServerRun> {
  const { seed = 1 } = options;
  await using mutant = await startMutant(mutation, seed);
  return await runServer({
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
}

/** The verdict of each requirement. */
export function verdictsOf({ report }: ServerRun): ReadonlyMap<string, Verdict> {
  return new Map(report.requirements.map(({ id, verdict }) => [id, verdict]));
}
