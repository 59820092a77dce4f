import { startReplica } from '../../../src/mock-server/fleet/start.ts';
import type { MockServer } from '../../../src/mock-server/mock-server.ts';
import type { MockServerOptions } from '../../../src/mock-server/options.ts';
import { control } from '../../support/clients/control.ts';
import { connect, type TestClient } from '../../support/clients/client.ts';
import { Redis } from './redis.ts';

/** Replicas in this process, with a Redis of their own. */
export interface Fleet extends AsyncDisposable {
  readonly redis: Redis;
  readonly replicas: readonly [MockServer, ...MockServer[]];
}

export async function fleetOf(count: number, options: MockServerOptions = {}): Promise<Fleet> {
  const redis = await Redis.start();
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

/** A client of Scriptix that is let in. */
export async function client(fake: Pick<MockServer, 'urls'>, token: string): Promise<TestClient> {
  const opened = connect(`${fake.urls.scriptix.realtime}?token=${token}`);
  await opened.open;
  return opened;
}

/** Asks until the answer is the one that is waited for. */
export async function until(
  fake: Pick<MockServer, 'urls'>,
  call: string,
  is: (status: number, json: unknown) => boolean,
): Promise<unknown> {
  for (;;) {
    const { status, json } = await control(fake, call);
    if (is(status, json)) return json;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
