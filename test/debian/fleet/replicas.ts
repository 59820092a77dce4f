import { startReplica } from '../../../src/mock-server/fleet/start.ts';
import type { MockServer } from '../../../src/mock-server/mock-server.ts';
import type { MockServerOptions } from '../../../src/mock-server/options.ts';
import { Redis } from './redis.ts';

/** Replicas in this process, with a Redis of their own. */
export interface Fleet extends AsyncDisposable {
  readonly redis: Redis;
  readonly replicas: readonly [MockServer, ...MockServer[]];
}

export async function fleetOf(
  count: number,
  options: MockServerOptions = {},
  flags: readonly string[] = [],
): Promise<Fleet> {
  const redis = await Redis.start(...flags);
  const replicas: MockServer[] = [];
  for (let i = 0; i < count; i++)
    replicas.push(await startReplica(options, { url: redis.url, prefix: 'test' }));
  const [first, ...others] = replicas;
  if (first === undefined) throw new Error('a fleet has replicas');
  return {
    redis,
    replicas: [first, ...others],
    async [Symbol.asyncDispose]() {
      await Promise.all(replicas.map((replica) => replica.stop()));
      await redis[Symbol.asyncDispose]();
    },
  };
}
