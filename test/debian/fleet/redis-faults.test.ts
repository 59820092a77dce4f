import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { JOIN, KEY_NAMES } from '../../../src/mock-server/fleet/scripts.ts';
import { startReplica } from '../../../src/mock-server/fleet/start.ts';
import type { MockServer } from '../../../src/mock-server/mock-server.ts';
import { connect } from '../../support/clients/client.ts';
import { control } from '../../support/clients/control.ts';
import { client, clients, until } from '../../support/fleet/together.ts';
import { understudy } from '../../support/programs/program.ts';
import { Redis } from './redis.ts';
import { fleetOf, type Fleet } from './replicas.ts';

const isFine = (status: number, json: unknown) =>
  status === 200 && !JSON.stringify(json).includes('degraded');

/** A fake Redis: it has one answer to one command, and OK to all others. */
async function answering(
  command: string,
  answer: string,
): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((socket) => {
    socket.on('data', (data) => {
      for (const [, name] of data.toString('latin1').matchAll(/\*\d+\r\n\$\d+\r\n([A-Z]+)\r\n/g))
        socket.write(name === command ? answer : '+OK\r\n');
    });
    socket.on('error', () => socket.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `redis://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Expects that nothing is decided: upgrades and calls are refused with the reason, and health is degraded. */
async function expectRefused(fake: MockServer, why: RegExp): Promise<void> {
  // Calls that were already running may still be carried out.
  await until(fake, 'GET sessions', (status, json) => status === 503 && why.test(JSON.stringify(json)));
  const refused = connect(`${fake.urls.scriptix.realtime}?token=late`);
  expect(await refused.refused).toMatchObject({
    status: 503,
    body: expect.stringContaining('Redis') as string,
  });
  expect(await control(fake, 'PUT assignments/any', { scenario: 'happy-path' })).toMatchObject({
    status: 503,
  });
  expect((await control(fake, 'GET health')).json).toMatchObject({ ok: true, degraded: true });
}

/** Expects everything to be as before: no refused call was carried out, and the next session has the next number. */
async function expectBack({ replicas: [one, two = one] }: Fleet, next: number): Promise<void> {
  await until(one, 'GET health', isFine);
  await until(two, 'GET health', isFine);
  await using opened = await client(two, `back${next}`);
  expect((await control(one, `GET sessions/s${next}`)).json).toMatchObject({ id: `s${next}`, isOpen: true });
  expect((await control(one, 'GET sessions')).json).toMatchObject({ sessions: { length: next } });
  expect((await control(two, 'DELETE assignments/any')).status).toBe(404);
  expect(opened.errors).toEqual([]);
}

describe('a Redis that', () => {
  it.each<readonly [string, RegExp, (redis: Redis) => void, (redis: Redis) => void]>([
    [
      'has no memory left',
      /OOM: it has no memory left/,
      (redis) => redis.ask('CONFIG', 'SET', 'maxmemory', '1'),
      (redis) => redis.ask('CONFIG', 'SET', 'maxmemory', '0'),
    ],
    [
      'has become a replica',
      /READONLY: it is a replica that takes no changes/,
      (redis) => redis.ask('REPLICAOF', '127.0.0.1', '1'),
      (redis) => redis.ask('REPLICAOF', 'NO', 'ONE'),
    ],
    [
      'cannot save',
      /MISCONF: it cannot save to its disk/,
      (redis) => {
        mkdirSync(join(redis.folder, 'dump.rdb'));
        redis.ask('CONFIG', 'SET', 'save', '3600 1');
        redis.ask('BGSAVE');
      },
      (redis) => {
        rmSync(join(redis.folder, 'dump.rdb'), { recursive: true });
        redis.ask('BGSAVE');
      },
    ],
    [
      'is told to wait',
      /no answer|cannot be reached/,
      (redis) => redis.ask('CLIENT', 'PAUSE', '600000', 'WRITE'),
      (redis) => redis.ask('CLIENT', 'UNPAUSE'),
    ],
  ])('%s is reported; meanwhile nothing is decided, and nothing is lost', async (_what, why, begin, end) => {
    await using fleet = await fleetOf(2);
    const [one, two = one] = fleet.replicas;
    await using open = await client(one, 'open');
    begin(fleet.redis);

    await expectRefused(one, why);
    await expectRefused(two, why);
    open.send({ action: 'start' });
    await open.next(({ json }) => (json as { state?: string }).state === 'listening', 'listening');
    end(fleet.redis);
    await expectBack(fleet, 2);
  });

  it('wants another password after it was restarted is reported', async () => {
    await using fleet = await fleetOf(2);
    await fleet.redis.kill();
    await fleet.redis.startAgain('--requirepass', 'other-password');
    for (const fake of fleet.replicas) await expectRefused(fake, /NOAUTH|WRONGPASS/);
    await fleet.redis.kill();
    await fleet.redis.startAgain();

    const [one] = fleet.replicas;
    await until(one, 'GET health', isFine);
    await using opened = await client(one, 'back');
    expect(opened.errors).toEqual([]);
  });

  it('is still loading is waited for', async () => {
    await using fleet = await fleetOf(2);
    const [one, two = one] = fleet.replicas;
    await control(one, 'PUT assignments/own', { scenario: 'drop-mid-word' });
    await using open = await client(one, 'open');
    fleet.redis.ask('EVAL', "for i = 1, 4000 do redis.call('SET', 'other' .. i, i) end", '0');
    fleet.redis.ask('SAVE');
    await fleet.redis.kill();
    fleet.redis.startLoading('--key-load-delay', '1000', '--loading-process-events-interval-bytes', '1024');

    await expectRefused(one, /LOADING: it is still loading/);
    await until(one, 'GET health', isFine);
    await until(two, 'GET health', isFine);
    expect((await control(two, 'GET sessions/s1')).json).toMatchObject({ isOpen: true });
    expect((await control(two, 'DELETE assignments/own')).status).toBe(204);
    expect(open.errors).toEqual([]);
  });

  it('is emptied while it runs gets everything back', async () => {
    await using fleet = await fleetOf(2);
    const [one, two = one] = fleet.replicas;
    await control(one, 'PUT assignments/own', { scenario: 'drop-mid-word' });
    await using open = await client(two, 'open');
    fleet.redis.ask('FLUSHALL');
    await until(one, 'GET health', isFine);
    await until(two, 'GET sessions', (status) => status === 200);

    expect((await control(one, 'GET sessions/s1')).json).toMatchObject({ isOpen: true });
    expect((await control(two, 'DELETE assignments/own')).status).toBe(204);
    expect(open.errors).toEqual([]);
  });

  // It used to give two sessions the same number, and to lose everything that was set since it had saved.
  it('comes back with an earlier state gets the latest state back', async () => {
    await using fleet = await fleetOf(2);
    const [one, two = one] = fleet.replicas;
    await using before = await client(two, 'before');
    await control(two, 'PUT assignments/taken-back', { scenario: 'drop-mid-word' });
    fleet.redis.ask('SAVE');
    await using since = await client(one, 'since');
    await control(one, 'PUT assignments/own', { scenario: 'drop-mid-word' });
    await control(one, 'DELETE assignments/taken-back');
    await fleet.redis.kill();
    await fleet.redis.startAgain();
    await until(two, 'GET health', isFine);
    await until(one, 'GET health', isFine);
    await using next = await client(two, 'next');

    const { sessions } = (await control(one, 'GET sessions')).json as {
      sessions: readonly { id: string; isOpen: boolean }[];
    };
    expect(sessions.slice(0, 2)).toMatchObject([
      { id: 's1', isOpen: true },
      { id: 's2', isOpen: true },
    ]);
    expect(sessions).toHaveLength(3);
    expect(Number(sessions[2]?.id.slice(1))).toBeGreaterThan(2);
    expect((await control(two, 'DELETE assignments/own')).status).toBe(204);
    expect((await control(two, 'DELETE assignments/taken-back')).status).toBe(404);
    for (const { errors } of [before, since, next]) expect(errors).toEqual([]);
  });

  // @redis/client 6 begins with HELLO, so the start used to fail with Redis 5: `cannot be reached (ERR)`.
  it('does not know HELLO, as before version 6, can be used', async () => {
    await using redis = await Redis.start('--rename-command', 'HELLO', '');
    await using fake = await startReplica({}, { url: redis.url, prefix: 'test' });
    expect((await control(fake, 'GET sessions')).status).toBe(200);
  });

  it('is too old is refused, with its version', async () => {
    // Only an old Redis would answer this, so a fake one does. The script that asks is run in a real one below.
    await using old = await answering('EVALSHA', '*2\r\n$3\r\nold\r\n$6\r\n4.0.14\r\n');
    await expect(startReplica({}, { url: old.url, prefix: 'test' })).rejects.toThrow(
      'state: this is Redis 4.0.14: expected 5 or newer, or Valkey',
    );
    await using redis = await Redis.start();
    const join = (oldest: number) => {
      const args = ['begun', 'begun.0', 'secret', '{}', 'http://127.0.0.1:1', '1', '1', String(oldest)];
      return redis.ask('EVAL', JOIN.text, String(KEY_NAMES.length), ...KEY_NAMES, ...args).split('\n');
    };
    expect(join(1000)).toEqual(['old', expect.stringMatching(/^\d+\.\d+\.\d+$/)]);
    expect(join(5)[0]).toBe('ok');
  });

  it('drops keys when it is full is refused', async () => {
    await using redis = await Redis.start('--maxmemory', '100mb', '--maxmemory-policy', 'volatile-lru');
    await expect(startReplica({}, { url: redis.url, prefix: 'test' })).rejects.toThrow(
      'state: this Redis drops keys when it is full',
    );
    redis.ask('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
    await using fake = await startReplica({}, { url: redis.url, prefix: 'test' });
    expect((await control(fake, 'GET sessions')).status).toBe(200);
  });
});

describe('replicas', () => {
  it('with other prefixes know nothing of each other', async () => {
    await using redis = await Redis.start();
    await using one = await startReplica({}, { url: redis.url, prefix: 'one' });
    await using other = await startReplica({ seed: 2 }, { url: redis.url, prefix: 'other' });
    await using ofOne = await client(one, 'any');
    await control(one, 'PUT assignments/any', { scenario: 'drop-mid-word' });
    await control(one, 'POST scenarios', { name: 'own', scenario: { dialect: 'reson8', summary: 'Own' } });

    expect((await control(other, 'GET sessions')).json).toEqual({ sessions: [], requests: [] });
    expect((await control(other, 'DELETE assignments/any')).status).toBe(404);
    await using ofOther = await client(other, 'any');
    expect((await control(other, 'GET sessions/s1')).json).toMatchObject({ isOpen: true });
    await control(other, 'POST reset');
    expect((await ofOther.closed).code).toBe(1001);
    expect((await control(one, 'GET sessions/s1')).json).toMatchObject({ isOpen: true });
    expect(ofOne.errors).toEqual([]);
  });

  it('of another version are refused', async () => {
    await using fleet = await fleetOf(1);
    const config = JSON.parse(fleet.redis.ask('HGET', 'test:meta', 'config')) as Record<string, string>;
    fleet.redis.ask('HSET', 'test:meta', 'config', JSON.stringify({ ...config, version: 'other' }));
    const starting = startReplica({}, { url: fleet.redis.url, prefix: 'test' });

    await expect(starting).rejects.toThrow('the other replicas were started with another version');
  });

  it('that were locked out of their Redis say so to balancers and probes, and can join again when they are restarted', async () => {
    await using fleet = await fleetOf(2);
    const [one] = fleet.replicas;
    await using open = await client(one, 'open');
    fleet.redis.ask('HSET', 'test:meta', 'epoch', 'of-others');
    await until(one, 'GET health', (status) => status === 503);

    for (const call of ['GET health', 'GET ready'])
      expect(await control(one, call)).toMatchObject({ status: 503, json: { ok: false, lockedOut: true } });
    expect(await control(one, 'GET sessions')).toMatchObject({
      status: 503,
      json: { error: /have started over/ },
    });
    open.send({ action: 'start' });
    await open.next(({ json }) => (json as { state?: string }).state === 'listening', 'listening');
    await one.stop();
    await using again = await startReplica({}, { url: fleet.redis.url, prefix: 'test' });
    expect((await control(again, 'GET health')).json).not.toHaveProperty('lockedOut');
    expect((await control(again, 'GET health')).status).toBe(200);
  });

  it('whose clock is ten minutes off work like the others', async () => {
    await using fleet = await fleetOf(1);
    const [one] = fleet.replicas;
    const off = encodeURIComponent('{const now=Date.now;Date.now=()=>now()+600000}');
    const flags = ['--state', fleet.redis.url, '--state-prefix', 'test'];
    const env = { ...process.env, NODE_OPTIONS: `--import=data:text/javascript,${off}` };
    await using program = understudy(['serve', '--port', '0', '--json', ...flags], env);
    const two = { urls: JSON.parse(await program.line()) as MockServer['urls'] };
    await control(one, 'PUT assignments/own', { scenario: 'drop-mid-word' });
    await using first = await client(one, 'first');
    await using second = await client(two, 'second');

    for (const fake of [one, two]) {
      expect((await control(fake, 'GET sessions')).json).toMatchObject({ sessions: { length: 2 } });
      expect((await control(fake, 'GET health')).json).not.toHaveProperty('degraded');
    }
    const { sessions } = (await control(one, 'GET sessions')).json as {
      sessions: readonly { openedMs: number }[];
    };
    const [a = NaN, b = NaN] = sessions.map(({ openedMs }) => openedMs);
    expect(Math.abs(b - a)).toBeLessThan(60_000);
    expect((await control(two, 'DELETE assignments/own')).status).toBe(204);
    expect([...first.errors, ...second.errors]).toEqual([]);
  });

  it('may be many', async () => {
    const COUNT = 20;
    await using fleet = await fleetOf(COUNT);
    await using opened = await clients(fleet.replicas);
    const [one] = fleet.replicas;
    const last = fleet.replicas.at(-1) ?? one;
    await control(last, 'PUT assignments/own', { scenario: 'drop-mid-word' });

    const { sessions } = (await control(one, 'GET sessions')).json as { sessions: readonly { id: string }[] };
    expect(sessions.map(({ id }) => Number(id.slice(1)))).toEqual(
      Array.from({ length: COUNT }, (_, at) => at + 1),
    );
    expect((await control(one, `GET sessions/s${COUNT}`)).json).toMatchObject({ isOpen: true });
    expect((await control(one, 'DELETE assignments/own')).status).toBe(204);
    await control(one, 'POST reset');
    for (const each of opened.all) expect((await each.closed).code).toBe(1001);
    expect((await control(last, 'GET sessions')).json).toEqual({ sessions: [], requests: [] });
  });
});
