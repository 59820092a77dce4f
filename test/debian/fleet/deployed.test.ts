import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { ask } from '../../support/clients/ask.ts';
import { connect } from '../../support/clients/client.ts';
import { control } from '../../support/clients/control.ts';
import { environmentOf, type Service } from '../../support/containers/compose.ts';
import {
  KUBERNETES,
  manifest,
  manifestOfFleet,
  patched,
  variablesOf,
  type Pod,
} from '../../support/containers/kubernetes.ts';
import { REPOSITORY } from '../../support/programs/cli.ts';
import { folder } from '../../support/programs/folder.ts';
import { pageText } from '../../support/programs/page.ts';
import { Program, understudy, type ServedFake } from '../../support/programs/program.ts';
import { Redis } from './redis.ts';
import { freePort } from '../../support/programs/free-port.ts';

const TOKEN = 'a-control-token';
const headers = { authorization: `Bearer ${TOKEN}` };
const read = (name: string) => readFileSync(join(REPOSITORY, 'deploy', name), 'utf8');
const { services } = parse(read('compose.fleet.yaml')) as {
  services: Readonly<Record<string, Service & { readonly command?: readonly string[] }>>;
};

/** A fake of the file, on a free port of this machine only. */
async function fake(name: string, redis: Redis) {
  const service = services[name];
  if (service?.command === undefined) throw new Error(`no service ${name}`);
  const args = service.command.map((word) =>
    // The names of services exist only in a network of Compose.
    word === name ? '127.0.0.1' : word.replace('redis://redis:6379', redis.url),
  );
  const program = understudy([...args, '--port', '0', '--json'], {
    PATH: process.env['PATH'],
    ...environmentOf(service, { UNDERSTUDY_CONTROL_TOKEN: TOKEN }),
  });
  const { url } = JSON.parse(await program.line()) as { url: string };
  return { url, program, [Symbol.asyncDispose]: () => program[Symbol.asyncDispose]() };
}

it('the containers of deploy/compose.fleet.yaml have no more rights than they need, and one open port', () => {
  const rights = { read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] };
  expect(Object.keys(services)).toEqual(['redis', 'fake-1', 'fake-2', 'balancer']);
  for (const [name, service] of Object.entries(services)) expect(service, name).toMatchObject(rights);
  const ports = Object.values(services).flatMap((service) => service.ports ?? []);
  expect(ports).toEqual(['127.0.0.1:8080:8080']);
  for (const name of ['fake-1', 'fake-2'])
    expect(services[name]?.command?.join(' '), name).toContain(`--state-address ${name} `);
});

it('the pods of deploy/kubernetes-fleet are one fake, and reach each other at their addresses', async () => {
  await using redis = await Redis.start();
  const { spec } = patched(manifest('deployment.yaml'), manifestOfFleet('deployment.yaml')) as {
    readonly spec: { readonly template: Pod };
  };
  const [container] = spec.template.spec.containers;
  const secrets = { understudy: { UNDERSTUDY_CONTROL_TOKEN: TOKEN } };
  const args = container.args.map((word) =>
    word
      .replace('redis://state-redis:6379', redis.url)
      .replace(/^\/scenarios$/, join(KUBERNETES, 'scenarios')),
  );
  const pod = async (podIP: string) => {
    const program = understudy([...args, '--port', '0', '--json'], {
      ...{ PATH: process.env['PATH'], UNDERSTUDY_HOST: podIP },
      ...variablesOf(container, secrets, { 'status.podIP': podIP }),
    });
    const urls = JSON.parse(await program.line()) as ServedFake['urls'];
    return { urls, [Symbol.asyncDispose]: () => program[Symbol.asyncDispose]() };
  };
  // Loopback addresses, a different one for each.
  await using one = await pod('127.0.0.2');
  await using two = await pod('127.0.0.3');
  await using client = connect(`${one.urls.scriptix.realtime}?token=any`);
  await client.open;

  expect(redis.addresses().map((address) => new URL(address).hostname)).toEqual(['127.0.0.2', '127.0.0.3']);
  const { json } = await control(two, 'GET sessions/s1', undefined, { headers });
  expect(json).toMatchObject({ id: 's1', isOpen: true });
});

it('docs/deploy.md starts deploy/compose.fleet.yaml with the variables that it has', () => {
  const command = /^(\w+)=\S+ docker compose --file (\S+) up --build$/m;
  const [, variable = '', file] = command.exec(pageText('docs/deploy.md')) ?? [];
  expect(file).toBe('deploy/compose.fleet.yaml');
  for (const name of ['fake-1', 'fake-2'])
    expect(services[name]?.environment).toHaveProperty(variable, `\${${variable}:-}`);
});

it('the two replicas of deploy/compose.fleet.yaml behind haproxy.cfg are one fake, and one may leave', async () => {
  const [command = '', ...args] = services['redis']?.command ?? [];
  expect(command).toBe('valkey-server');
  await using redis = await Redis.start(...args);
  await using one = await fake('fake-1', redis);
  await using two = await fake('fake-2', redis);
  await using place = await folder();
  const port = await freePort();
  const config = read('haproxy.cfg')
    .replace('bind :8080', `bind 127.0.0.1:${port}`)
    .replace('fake-1:8080', new URL(one.url).host)
    .replace('fake-2:8080', new URL(two.url).host);
  writeFileSync(place.path('haproxy.cfg'), config);
  await using balancer = new Program('/usr/sbin/haproxy', ['-db', '-f', place.path('haproxy.cfg')]);
  const origin = `http://127.0.0.1:${port}`;
  const fakes = { urls: { control: `${origin}/__understudy` } as never };
  const status = (path: string) =>
    ask(`${origin}${path}`).then(
      (answer) => answer.status,
      () => 0,
    );
  await expect.poll(() => status('/__understudy/ready'), { timeout: 30_000 }).toBe(200);

  expect((await control(fakes, 'GET sessions')).status).toBe(401);
  const url = `${origin.replace('http', 'ws')}/v2/realtime?token=any`;
  await using first = connect(url);
  await first.open;
  await using second = connect(url);
  await second.open;
  const { json } = await control(fakes, 'GET sessions', undefined, { headers });
  expect(json).toMatchObject({ sessions: [{ id: 's1' }, { id: 's2' }] });

  one.program.signal('SIGTERM');
  await expect.poll(() => ask(`${one.url}/__understudy/ready`).then((answer) => answer.status)).toBe(503);
  await expect.poll(() => balancer.stdout + balancer.stderr, { timeout: 20_000 }).toMatch(/fake-1 is DOWN/);
  // Its session continues, and new ones go to the other replica.
  expect([first.hasEnded, second.hasEnded]).toEqual([false, false]);
  await using third = connect(url);
  await third.open;
  expect(third.hasEnded).toBe(false);
});
