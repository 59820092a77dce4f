import { expect, it } from 'vitest';
import { newClientFor } from '../../../src/mock-server/fleet/client.ts';
import { RedisConnection } from '../../../src/mock-server/fleet/connection.ts';
import { CLAIM, FIND, JOIN, KEY_NAMES, OPEN, type Script } from '../../../src/mock-server/fleet/scripts.ts';
import { realClock } from '../../../src/runtime/clock.ts';
import { Redis } from './redis.ts';

const FLEET = 'epoch epoch.0';

/** A replica that consists only of a connection. */
async function joined(redis: Redis) {
  const keys = KEY_NAMES.map((name) => `understudy:${name}`);
  const connection = new RedisConnection(
    await newClientFor({ url: redis.url, prefix: 'understudy' }),
    keys,
    realClock(),
  );
  await connection.open();
  const address = 'http://127.0.0.1:1';
  // Other replicas may be about to return to a Redis that has just started.
  await connection.run(JOIN, ['epoch', 'epoch.0', 'secret', '{}', address, 30_000, 1, 5]);
  return {
    run: (script: Script, ...args: readonly (string | number)[]) => connection.run(script, [FLEET, ...args]),
    open: (token: string) => connection.run(OPEN, [FLEET, '', '', 'r1', 1, token, '']),
    [Symbol.dispose]: () => connection.end(),
  };
}

/** How often Redis ran each command since the last call of this. */
function doneBy(redis: Redis): Readonly<Record<string, number>> {
  const lines = redis.ask('INFO', 'commandstats').matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm);
  const all = Object.fromEntries(Array.from(lines, ([, name, calls]) => [name ?? '', Number(calls)]));
  delete all['config|resetstat'];
  delete all['info'];
  redis.ask('CONFIG', 'RESETSTAT');
  return all;
}

it('an upgrade takes one script with six commands in Redis', async () => {
  await using redis = await Redis.start();
  using replica = await joined(redis);
  await replica.open('first');
  doneBy(redis);

  expect(await replica.open('second')).toEqual(['ok', 2, 0]);
  expect(doneBy(redis)).toEqual({ evalsha: 1, time: 1, hmget: 1, hincrby: 2, hset: 1, zadd: 1 });
});

it('Redis keeps only the latest sessions, and the latest that were not handed out', async () => {
  await using redis = await Redis.start();
  using replica = await joined(redis);
  for (let i = 0; i < 5; i++) await replica.open('early');
  redis.ask('HSET', 'understudy:meta', 'counter', '100099');
  expect(await replica.run(FIND, 1)).toEqual(['ok', 'r1', 100_099]);

  expect(await replica.open('late')).toEqual(['ok', 100_100, 0]);
  expect(await replica.run(FIND, 1)).toEqual(['ok', '', 100_100]);
  expect(await replica.run(FIND, 100_100)).toEqual(['ok', 'r1', 100_100]);

  for (let i = 0; i < 1100; i++) await replica.open('many');
  expect(Number(redis.ask('ZCARD', 'understudy:waiting'))).toBe(1000);
  expect(Number(redis.ask('HLEN', 'understudy:places'))).toBe(1101);
  expect(await replica.run(CLAIM, '', '')).toEqual(['ok', 100_201, 'r1']);
});
