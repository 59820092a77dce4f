import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { silence } from '../../support/audio.ts';
import type { TestClient } from '../../support/clients/client.ts';
import { control, lines } from '../../support/clients/control.ts';
import { Program, serve, type ServedFake } from '../../support/programs/program.ts';
import { Redis } from './redis.ts';
import { client } from '../../support/fleet/together.ts';
import { freePort } from '../../support/programs/free-port.ts';

/** Debian's HAProxy, which passes each connection to the next replica. */
async function balanced(served: readonly ServedFake[]) {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'understudy-haproxy-'));
  const file = join(folder, 'haproxy.cfg');
  const servers = served.map(({ urls }, at) => `  server s${at} ${new URL(urls.url).host}`);
  const text = [
    'defaults',
    ...['mode http', 'timeout connect 5s', 'timeout client 5m', 'timeout server 5m'].map(
      (line) => `  ${line}`,
    ),
    'frontend all',
    ...[`bind 127.0.0.1:${port}`, 'default_backend fakes'].map((line) => `  ${line}`),
    'backend fakes',
    '  balance roundrobin',
    ...servers,
    '',
  ];
  await writeFile(file, text.join('\n'));
  const program = new Program('/usr/sbin/haproxy', ['-db', '-f', file]);
  const [first] = served;
  if (first === undefined) throw new Error('there is nothing to balance');
  const urls = JSON.parse(
    JSON.stringify(first.urls).replaceAll(new URL(first.urls.url).host, `127.0.0.1:${port}`),
  ) as ServedFake['urls'];
  for (;;) {
    const isUp = await control({ urls }, 'GET health').then(
      ({ status }) => status === 200,
      () => false,
    );
    if (isUp) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    urls,
    async [Symbol.asyncDispose]() {
      await program[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

it('replicas behind a balancer are one fake to tests and clients', async () => {
  await using redis = await Redis.start();
  const start = () => serve('--state', redis.url);
  await using one = await start();
  await using two = await start();
  await using three = await start();
  await using fake = await balanced([one, two, three]);

  // No two calls in a row go to the same replica.
  const scenario = {
    dialect: 'scriptix',
    summary: 'In turn',
    server: { attempts: [[{ close: 4001 }], [{ close: 4002 }], [{ close: 4003 }]] },
  };
  expect((await control(fake, 'POST scenarios', { name: 'in-turn', scenario })).status).toBe(201);
  expect((await control(fake, 'PUT assignments/own', { scenario: 'in-turn' })).status).toBe(200);
  const codes: number[] = [];
  for (let i = 0; i < 4; i++) {
    await using each = await client(fake, 'own');
    codes.push((await each.closed).code);
  }
  expect(codes).toEqual([4001, 4002, 4003, 4003]);

  const opened: TestClient[] = [];
  for (let i = 0; i < 6; i++) {
    const each = await client(fake, `t${i}`);
    each.send({ action: 'start' });
    await each.sendAudio(silence(100));
    opened.push(each);
  }
  const ids = Array.from({ length: 10 }, (_, at) => `s${at + 1}`);
  for (const id of ids) expect((await control(fake, 'GET sessions/next')).json).toMatchObject({ id });
  const shown = await control(fake, 'GET sessions');
  expect(shown.json).toMatchObject({ sessions: ids.map((id) => ({ id })) });
  for (const [at, each] of opened.entries()) {
    const id = `s${at + 5}`;
    expect((await control(fake, `GET sessions/${id}/wait?for=audio`)).json).toMatchObject({ session: id });
    expect((await control(fake, `POST sessions/${id}/hold`)).status).toBe(200);
    expect((await control(fake, `POST sessions/${id}/send`, { json: { at } })).status).toBe(200);
    expect(await each.next(({ json }) => (json as { at?: number }).at === at, 'what was sent')).toBeDefined();
    expect((await control(fake, `POST sessions/${id}/release`)).status).toBe(200);
    const trace = lines((await control(fake, `GET sessions/${id}/trace`)).text);
    expect(trace.some(({ session }) => session === id)).toBe(true);
  }
  const expectations = [{ of: 'start', open: true, exactly: 6 }];
  expect((await control(fake, 'POST verify', { expectations })).json).toMatchObject({ ok: true });
  expect((await control(fake, 'GET usage')).json).toMatchObject({
    total: { sessions: 6, audioSeconds: 0.6 },
  });

  const models = fake.urls.reson8.api + '/custom-model';
  const key = { authorization: 'ApiKey own', 'content-type': 'application/json' };
  const made = await fetch(models, {
    method: 'POST',
    headers: key,
    body: JSON.stringify({ name: 'Terms', phrases: ['Understudy'] }),
  });
  expect(made.status).toBe(201);
  const { id } = (await made.json()) as { readonly id: string };
  for (let i = 0; i < 3; i++) expect((await fetch(`${models}/${id}`, { headers: key })).status).toBe(200);

  await control(fake, 'PUT service', { state: 'scaled_down' });
  const status = () => fetch(`${fake.urls.scriptix.api}/status`, { headers: { 'x-zoom-s2t-key': 'own' } });
  for (let i = 0; i < 3; i++) expect(await (await status()).json()).toMatchObject({ status: 'scaled_down' });
  const begun = fetch(`${fake.urls.scriptix.api}/initialize`, {
    method: 'POST',
    headers: { 'x-zoom-s2t-key': 'own' },
  });
  await until(async () => ((await (await status()).json()) as { status: string }).status === 'ready');
  expect(await (await begun).json()).toMatchObject({ ready: true });

  expect((await control(fake, 'POST reset')).status).toBe(200);
  for (const each of opened) expect((await each.closed).code).toBe(1001);
  for (let i = 0; i < 3; i++)
    expect((await control(fake, 'GET sessions')).json).toEqual({ sessions: [], requests: [] });
  expect(await (await fetch(models, { headers: key })).json()).toEqual([]);
  expect((await control(fake, 'GET scenario')).json).toEqual({ scenario: {} });
});

async function until(is: () => Promise<boolean>): Promise<void> {
  while (!(await is())) await new Promise((resolve) => setTimeout(resolve, 20));
}
