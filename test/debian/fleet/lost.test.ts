import { expect, it } from 'vitest';
import { control } from '../../support/clients/control.ts';
import { freePort } from '../../support/programs/free-port.ts';
import { serve, understudy, type ServedFake } from '../../support/programs/program.ts';
import { Redis } from './redis.ts';
import { client, until } from '../../support/fleet/together.ts';

interface Programs extends AsyncDisposable {
  readonly redis: Redis;
  readonly served: readonly [ServedFake, ServedFake, ServedFake];
}

async function three(...flags: readonly string[]): Promise<Programs> {
  const redis = await Redis.start();
  const start = () => serve('--state', redis.url, ...flags);
  const served = [await start(), await start(), await start()] as const;
  return {
    redis,
    served: [...served],
    async [Symbol.asyncDispose]() {
      for (const each of served) await each[Symbol.asyncDispose]();
      await redis[Symbol.asyncDispose]();
    },
  };
}

const GONE = /The replica r2, which had .*, ended at \d{4}-/;

it('calls that need a killed replica are answered with 410, also those that count', async () => {
  await using programs = await three();
  const [one, two, three_] = programs.served;
  await using kept = await client(one, 'kept');
  await using lost = await client(two, 'lost');
  await control(one, 'PUT assignments/any', { scenario: 'drop-mid-word' });
  two.program.signal('SIGKILL');
  await lost.closed;

  for (const call of [
    'GET sessions/s2',
    'GET sessions',
    'GET usage',
    'GET sessions/s2/trace',
    'POST sessions/s2/close',
  ]) {
    expect(await control(three_, call), call).toMatchObject({ status: 410, json: { error: GONE } });
  }
  expect(await control(one, 'GET sessions/s2')).toMatchObject({ status: 410 });
  expect(await control(one, 'POST verify', { expectations: [{ of: 'start', exactly: 0 }] })).toMatchObject({
    status: 410,
  });
  expect(await control(one, 'GET sessions/next')).toMatchObject({ status: 200, json: { id: 's1' } });
  expect(await control(three_, 'GET sessions/s1')).toMatchObject({ status: 200, json: { isOpen: true } });
  expect((await control(three_, 'DELETE assignments/any')).status).toBe(204);

  await control(three_, 'POST reset', { journal: true });
  expect(await control(one, 'GET sessions')).toMatchObject({
    status: 200,
    json: { sessions: [{ id: 's1' }] },
  });
  expect((await control(one, 'GET sessions/s2')).status).toBe(404);
  expect(kept.errors).toEqual([]);
});

it('a reset right after a replica was killed resets the others', async () => {
  await using programs = await three();
  const [one, two] = programs.served;
  await using lost = await client(two, 'lost');
  two.program.signal('SIGKILL');

  // If the replica has not quite ended yet, it is asked again.
  expect((await control(one, 'POST reset')).status).toBe(200);
  await lost.closed;
  expect((await control(one, 'GET sessions')).status).toBe(200);
});

it('calls about a replica that hung and was then killed are answered with 410 long before its time is up', async () => {
  await using programs = await three();
  const [one, two] = programs.served;
  await using lost = await client(two, 'lost');
  two.program.signal('SIGSTOP');
  await until(one, 'GET sessions', (status) => status === 504);
  two.program.signal('SIGKILL');
  await lost.closed;
  await until(one, 'GET sessions', (status) => status !== 504);

  expect(await control(one, 'GET sessions/s1')).toMatchObject({ status: 410, json: { error: GONE } });
  // That it no longer listens is the only reason for which it can count as ended this early.
  expect(programs.redis.said('l:r2')).toContain('it no longer listens');
});

it('a killed replica is noticed even if no call needs it', async () => {
  await using programs = await three();
  const [one, two] = programs.served;
  await using lost = await client(two, 'lost');
  two.program.signal('SIGKILL');
  await lost.closed;

  while (programs.redis.said('l:r2') === '') await new Promise((resolve) => setTimeout(resolve, 50));

  expect(await control(one, 'GET sessions/s1')).toMatchObject({ status: 410, json: { error: GONE } });
});

it('calls that need a replica are answered with 504 while it hangs, and as before when it continues', async () => {
  await using programs = await three('--clock', 'manual');
  const [one, two] = programs.served;
  await using open = await client(two, 'open');
  expect((await control(one, 'POST clock/advance', { ms: 1000 })).json).toMatchObject({ nowMs: 1000 });
  expect((await control(two, 'GET clock')).json).toMatchObject({ nowMs: 1000 });
  two.program.signal('SIGSTOP');
  const silent = { error: 'The replica r2 does not answer' };

  for (const call of ['GET sessions/s1', 'GET sessions', 'GET usage', 'POST sessions/s1/hold']) {
    expect(await control(one, call), call).toMatchObject({ status: 504, json: silent });
  }
  expect(await control(one, 'POST clock/advance', { ms: 500 })).toMatchObject({ status: 504, json: silent });
  await using other = await client(one, 'other');
  two.program.signal('SIGCONT');

  await until(one, 'GET sessions', (status) => status === 200);
  await until(one, 'GET health', (_, json) => !JSON.stringify(json).includes('degraded'));
  expect(await control(one, 'GET sessions/s1')).toMatchObject({ status: 200, json: { isOpen: true } });
  // It carries out the changes that were made while it hung.
  await until(two, 'GET clock', (_, json) => (json as { nowMs: number }).nowMs === 1500);
  expect((await control(one, 'POST clock/advance', { ms: 500 })).json).toMatchObject({ nowMs: 2000 });
  open.send({ action: 'start' });
  expect(other.errors).toEqual([]);
});

it('a replica that was stopped is reported as ended', async () => {
  await using programs = await three();
  const [one, two, three_] = programs.served;
  await using open = await client(two, 'open');
  three_.program.signal('SIGTERM');
  await three_.program.exit;
  expect((await control(one, 'GET sessions')).json).toMatchObject({ sessions: [{ id: 's1' }] });
  two.program.signal('SIGTERM');
  expect((await open.closed).code).toBe(1001);
  await two.program.exit;
  expect(await control(one, 'GET sessions/s1')).toMatchObject({ status: 410, json: { error: GONE } });
});

it('replicas are reached at the address that each was given', async () => {
  await using redis = await Redis.start();
  const port = await freePort();
  await using one = await serve('--state', redis.url, '--state-address', `127.0.0.1:${port}`);
  await using two = await serve('--state', redis.url, '--state-address', 'localhost');
  await using open = await client(one, 'open');

  expect(redis.addresses()).toEqual([
    `http://127.0.0.1:${port}`,
    expect.stringMatching(/^http:\/\/localhost:\d+$/),
  ]);
  expect(await control(two, 'GET sessions/s1')).toMatchObject({ status: 200, json: { isOpen: true } });
  expect(open.errors).toEqual([]);
});

it.each([
  ['nowhere.invalid', /--state-address nowhere\.invalid: this replica is not reached there \(E/],
  ['0.0.0.0', /--state-address: expected a host that other replicas can reach/],
  ['fake:0', /--state-address: expected a host, or a host and a port/],
])('--state-address %s is refused, because no one can reach the replica there', async (address, expected) => {
  await using redis = await Redis.start();
  const flags = ['--state', redis.url, '--state-address', address];
  await using program = understudy(['serve', '--port', '0', ...flags]);
  await program.said(expected);
  expect((await program.exit).code).not.toBe(0);
  expect(redis.addresses()).toEqual([]);
});

it('--state-address without --state is refused', async () => {
  await using program = understudy(['serve', '--port', '0', '--state-address', 'localhost']);
  await program.said(/--state-address: expected --state with it/);
  await program.exit;
});

it.each([
  ['with other settings', ['--seed', '2'], /started with another seed/],
  ['with workers', ['--workers', '2'], /--workers 2: expected 1 with --state/],
  [
    'that saves scenarios',
    ['--allow-save', '--scenarios', '.'],
    /--allow-save: each replica has its own files/,
  ],
])('a replica %s is refused', async (_, flags, expected) => {
  await using redis = await Redis.start();
  await using first = await serve('--state', redis.url);
  await using second = understudy(['serve', '--port', '0', '--state', redis.url, ...flags]);
  await second.said(expected);
  expect((await second.exit).code).not.toBe(0);
  expect((await control(first, 'GET sessions')).status).toBe(200);
});

it('the password of the Redis is in no output', async () => {
  await using redis = await Redis.start('--requirepass', 'right-password');
  const withPassword = (password: string) => redis.url.replace('//', `//:${password}@`);
  await using wrong = understudy(['serve', '--port', '0', '--state', withPassword('wrong-password')]);
  await wrong.said(/--state: The state in Redis cannot be reached \(WRONGPASS\)/);
  await wrong.exit;
  await using nowhere = understudy([
    'serve',
    '--port',
    '0',
    '--state',
    'redis://:wrong-password@127.0.0.1:1',
  ]);
  await nowhere.said(/--state: The state in Redis cannot be reached \(ECONNREFUSED\)/);
  await nowhere.exit;
  await using other = understudy(['serve', '--port', '0', '--state', 'http://:wrong-password@127.0.0.1:1']);
  await other.said(/--state: expected redis:/);
  await other.exit;
  for (const each of [wrong, nowhere, other])
    expect(each.stdout + each.stderr).not.toContain('wrong-password');

  await using right = await serve('--state', withPassword('right-password'));
  await redis.kill();
  const refused = await control(right, 'GET sessions');
  expect(refused.status).toBe(503);
  expect(refused.text + right.program.stdout + right.program.stderr).not.toContain('right-password');
});
