import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { startReplica } from '../../../src/mock-server/fleet/start.ts';
import { connect } from '../../support/clients/client.ts';
import { control } from '../../support/clients/control.ts';
import { client, until } from '../../support/fleet/together.ts';
import { fleetOf } from './replicas.ts';

const closing = {
  dialect: 'scriptix',
  summary: 'In turn',
  server: { attempts: [[{ close: 4001 }], [{ close: 4002 }], [{ close: 4003 }]] },
};

/** Whether Redis is back, according to the control API of this replica. */
const isFine = (status: number, json: unknown) =>
  status === 200 && !JSON.stringify(json).includes('degraded');

it('while Redis hangs, replicas refuse upgrades in the form of their vendor and continue open sessions; they recover with it', async () => {
  await using fleet = await fleetOf(2);
  const [one, two = one] = fleet.replicas;
  await using open = await client(one, 'open');
  fleet.redis.signal('SIGSTOP');

  for (const fake of [one, two]) {
    const scriptix = connect(`${fake.urls.scriptix.realtime}?token=late`);
    expect(await scriptix.refused).toMatchObject({ status: 503 });
    expect(JSON.parse((await scriptix.refused).body)).toHaveProperty('detail');
    const reson8 = connect(fake.urls.reson8.realtime, { headers: { authorization: 'ApiKey any' } });
    expect(JSON.parse((await reson8.refused).body)).toHaveProperty('code');
    expect(await control(fake, 'GET sessions')).toMatchObject({
      status: 503,
      json: { error: /state in Redis/ },
    });
    expect(await control(fake, 'PUT assignments/any', { scenario: 'happy-path' })).toMatchObject({
      status: 503,
    });
    expect((await control(fake, 'GET health')).json).toMatchObject({ ok: true, degraded: true });
  }
  open.send({ action: 'start' });
  await open.next(({ json }) => (json as { state?: string }).state === 'listening', 'listening');
  await Promise.all(Array.from({ length: 10 }, () => control(one, 'GET sessions')));
  await new Promise((resolve) => setTimeout(resolve, 5000));
  fleet.redis.signal('SIGCONT');
  // test/mock-server/fleet/beating.test.ts tests how long that takes.
  await until(one, 'GET health', isFine);
  await until(two, 'GET health', isFine);

  // Each replica has one connection, however many calls needed one.
  const clients = () =>
    execFileSync('redis-cli', ['-u', fleet.redis.url, 'CLIENT', 'LIST'], { encoding: 'utf8' });
  await expect.poll(() => clients().trim().split('\n').length).toBe(3);

  // Refused calls are not carried out later.
  expect((await control(two, 'GET sessions')).json).toMatchObject({ sessions: [{ id: 's1', isOpen: true }] });
  await using next = await client(two, 'next');
  expect((await control(one, 'GET sessions/s2')).json).toMatchObject({ isOpen: true });
  expect(next.errors).toEqual([]);
});

it('an emptied Redis gets back what tests set, the counts, and where sessions are', async () => {
  await using fleet = await fleetOf(2);
  const [one, two = one] = fleet.replicas;
  await control(one, 'POST scenarios', { name: 'in-turn', scenario: closing });
  await control(two, 'PUT assignments/own', { scenario: 'in-turn' });
  for (const [fake, code] of [
    [one, 4001],
    [two, 4002],
  ] as const) {
    await using each = await client(fake, 'own');
    expect((await each.closed).code).toBe(code);
  }
  await using open = await client(two, 'open');
  await control(one, 'GET sessions/next');
  await fleet.redis.kill();
  expect(await control(one, 'GET sessions')).toMatchObject({ status: 503 });
  await fleet.redis.startAgain();
  // test/mock-server/fleet/beating.test.ts tests how long that takes.
  await until(one, 'GET health', isFine);
  await until(two, 'GET health', isFine);

  await using third = await client(one, 'own');
  expect((await third.closed).code).toBe(4003);
  expect((await control(one, 'GET sessions/s3')).json).toMatchObject({ isOpen: true });
  // Sessions that were handed out are not handed out again.
  expect((await control(two, 'GET sessions/next')).json).toMatchObject({ id: 's2' });
  expect((await control(two, 'GET sessions/next')).json).toMatchObject({ id: 's3' });
  const { sessions } = (await control(two, 'GET sessions')).json as { sessions: readonly { id: string }[] };
  const numbers = sessions.map(({ id }) => Number(id.slice(1)));
  expect(numbers.slice(0, 3)).toEqual([1, 2, 3]);
  expect(numbers[3]).toBeGreaterThan(3);
  open.send({ action: 'start' });
});

it('a Redis that comes back empty is not taken over by a new replica', async () => {
  await using fleet = await fleetOf(1);
  const [one] = fleet.replicas;
  await control(one, 'PUT assignments/own', { scenario: 'drop-mid-word' });
  await using open = await client(one, 'open');
  await fleet.redis.kill();
  await fleet.redis.startAgain();
  // It starts as early as possible, and does not know of the existing replicas.
  await using late = await startReplica({}, { url: fleet.redis.url, prefix: 'test' });
  await until(one, 'GET health', isFine);

  expect((await control(late, 'GET sessions/s1')).json).toMatchObject({ id: 's1', isOpen: true });
  expect((await control(late, 'DELETE assignments/own')).status).toBe(204);
  expect(open.errors).toEqual([]);
});
