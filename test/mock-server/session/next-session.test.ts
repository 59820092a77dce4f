import { expect, it, onTestFinished } from 'vitest';
import { startMockServer } from '../../../src/mock-server/server.ts';
import { connect } from '../../support/clients/client.ts';
import { microphoneUrl } from '../../support/scriptix/scriptix.ts';

// The wait of a test whose connection never came used to remain, and took the connection of the next test.

const asAny = (fake: Awaited<ReturnType<typeof startMockServer>>, token: string) =>
  connect(microphoneUrl(fake, { token }));

it('a wait ends with a reset, and takes nothing from later waits', async () => {
  await using fake = await startMockServer();
  const before = fake.nextSession();
  const refusal = fake.nextRefusal();
  await fake.reset();

  await expect(before).rejects.toThrow('nextSession(): the server was reset before a connection came');
  await expect(refusal).rejects.toThrow('nextRefusal(): the server was reset');

  await using client = asAny(fake, 'any');
  await client.open;
  expect((await fake.nextSession()).id).toBe('s1');
});

it('a wait times out with a summary of what came instead', async () => {
  await using fake = await startMockServer({ waitMs: 20 });
  await expect(fake.nextSession()).rejects.toThrow(
    /^nextSession\(\): nothing came within 20 ms; connections so far: 0$/,
  );

  await using client = asAny(fake, 'any');
  await client.open;
  await fake.nextSession();

  await expect(asAny(fake, 'invalid-key').open).rejects.toThrow('401');
  await expect(fake.nextSession({ timeoutMs: 10 })).rejects.toThrow(
    'nothing came within 10 ms; connections so far: 1; refused: 401 for GET /v2/realtime',
  );
  await expect(fake.nextSession({ timeoutMs: 10, token: 'any' })).rejects.toThrow(
    'within 10 ms with this token;',
  );
  await expect(asAny(fake, 'a').open.then(() => fake.session('s2')?.received('stop'))).rejects.toThrow(
    'within 20 ms',
  );
});

it('a wait can be cancelled, before and while it waits', async () => {
  await using fake = await startMockServer();
  const stop = new AbortController();
  const waiting = fake.nextSession({ signal: stop.signal });
  stop.abort();

  await expect(waiting).rejects.toThrow('the wait was cancelled');
  await expect(fake.nextSession({ signal: stop.signal })).rejects.toThrow('the wait was cancelled');

  await using client = asAny(fake, 'any');
  await client.open;
  await expect.poll(() => fake.sessions.length).toBe(1);
  // A cancelled wait used to take the connection from others that were still waiting.
  const late = fake.nextSession({ signal: AbortSignal.abort('no longer wanted') });
  await expect(late).rejects.toMatchObject({
    message: 'nextSession(): the wait was cancelled',
    cause: 'no longer wanted',
  });
  expect((await fake.nextSession()).id).toBe('s1');
});

it('waits can be for the connections of one token, in whatever order they come', async () => {
  await using fake = await startMockServer();
  const ofB = fake.nextSession({ token: 'b' });
  const ofAny = fake.nextSession();
  await using a = asAny(fake, 'a');
  await a.open;
  await using b = asAny(fake, 'b');
  await b.open;

  expect([(await ofAny).id, (await ofB).id]).toEqual(['s1', 's2']);

  await using c = asAny(fake, 'c');
  await c.open;
  await using second = asAny(fake, 'b');
  await second.open;

  expect((await fake.nextSession({ token: 'b' })).id).toBe('s4');
  expect((await fake.nextSession()).id).toBe('s3');
});

it('a wait that no one awaits is not an unhandled rejection when a server is reset or stops', async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  onTestFinished(() => void process.off('unhandledRejection', note));
  const fake = await startMockServer({ waitMs: 10 });
  void fake.nextSession();
  void fake.nextSession({ timeoutMs: 1 });
  await fake.reset();
  void fake.nextSession({ timeoutMs: 60_000 });
  void fake.nextRefusal({ timeoutMs: 60_000 });
  await fake.stop();
  void fake.nextSession();
  await new Promise((resolve) => setTimeout(resolve, 50));

  expect(unhandled).toEqual([]);
  await expect(fake.nextSession()).rejects.toThrow('nextSession(): the server has stopped');
});

it('a refused upgrade is handed out once, without its key', async () => {
  await using fake = await startMockServer();
  await expect(
    connect(fake.urls.scriptix.stream.replace('{token}', 'invalid-key') + '?url=x').open.then(() => 'open'),
  ).resolves.toBe('open');
  await expect(
    connect(`${fake.urls.url.replace('http', 'ws')}/v1/nothing?token=s3cret-1`).open,
  ).rejects.toThrow('404');
  await expect(asAny(fake, 'invalid-key').open).rejects.toThrow('401');
  expect(await fake.nextRefusal({ token: 'invalid-key' })).toMatchObject({
    status: 401,
    path: '/v2/realtime',
  });

  const first = await fake.nextRefusal();
  expect(first).toMatchObject({
    id: 'h1',
    method: 'GET',
    path: '/v1/nothing',
    status: 404,
    body: { code: 'NOT_FOUND', message: 'Not Found' },
  });
  expect(first.trace().map(({ kind }) => kind)).toEqual(['request', 'response', 'end']);
  expect(JSON.stringify([fake.refusals, first.trace()])).not.toContain('s3cret');
  expect(fake.refusals).toHaveLength(2);

  await fake.reset();
  expect(fake.refusals).toEqual([]);
});
