import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixture } from '../support/audio.ts';
import { runsOf } from '../support/containers/docker-run.ts';
import { composed, environmentOf, type Service } from '../support/containers/compose.ts';
import { REPOSITORY } from '../support/programs/cli.ts';
import { blocksOf } from '../support/programs/page.ts';
import { folder, type Folder } from '../support/programs/folder.ts';
import { Program } from '../support/programs/program.ts';
import { build, type Image } from './container/image.ts';
import { needNamespaces, start, type Container } from './container/sandbox.ts';

const BUILD_MS = 900_000;

let files: Folder | undefined;
let image: Image;
beforeAll(async () => {
  await needNamespaces();
  files = await folder();
  image = await build(REPOSITORY, files.path('image'));
}, BUILD_MS);
afterAll(() => files?.[Symbol.asyncDispose]());

/** Resolves when the health check of the image succeeds. */
async function healthy(container: Container): Promise<void> {
  for (;;) {
    await using check = container.exec(image.check);
    if ((await check.exit).code === 0) return;
    await Promise.race([
      pause(100),
      container.exit.then(() => Promise.reject(new Error(container.program.stderr))),
    ]);
  }
}

async function printed(program: Program): Promise<string> {
  await using ending = program;
  const { code } = await ending.exit;
  expect(code, ending.stderr).toBe(0);
  return ending.stdout;
}

const node = (script: string) => ['node', '--input-type=module', '-e', script];

const ask = (path: string, token = '') =>
  node(`
    const headers = ${JSON.stringify(token === '' ? {} : { authorization: `Bearer ${token}` })};
    const { status } = await fetch('http://understudy:8080/__understudy/${path}', { headers });
    console.log(status);
  `);

describe('the image', () => {
  it('has what the package needs to run, and nothing that is only needed to build it', async () => {
    const app = join(image.root, 'app');

    expect((await readdir(app)).sort()).toEqual(
      ['LICENSE', 'dist', 'examples', 'fixtures', 'node_modules', 'package.json', 'scenarios'].sort(),
    );

    for (const name of ['ws', 'yaml']) expect(existsSync(join(app, 'node_modules', name))).toBe(true);
    for (const name of ['typescript', 'vitest'])
      expect(existsSync(join(app, 'node_modules', name))).toBe(false);
  });
});

describe('a container of the image', () => {
  it('is healthy, as a user who may not write anywhere, and without a control API', async () => {
    await using container = await start(image, 'understudy');
    await healthy(container);

    const write = `
      import { writeFileSync } from 'node:fs';
      const tried = ['/app/x', '/tmp/x', '/x'].map((path) => {
        try { writeFileSync(path, ''); } catch (error) { return error.code; }
      });
      console.log(process.getuid(), ...tried);
    `;

    expect(await printed(container.exec(node(write)))).toBe('1000 EROFS EROFS EROFS\n');
    expect(await printed(container.exec(ask('health')))).toBe('200\n');
    expect(await printed(container.exec(ask('sessions')))).toBe('403\n');
    expect(container.program.stderr).toContain('The control API is off on 0.0.0.0');
  });

  it('has a control API for clients with its token', async () => {
    const token = 'a-control-token';
    await using container = await start(image, 'understudy', {
      variables: { UNDERSTUDY_CONTROL_TOKEN: token },
    });
    await healthy(container);

    expect(await printed(container.exec(ask('sessions')))).toBe('401\n');
    expect(await printed(container.exec(ask('sessions', token)))).toBe('200\n');
  });

  it('shares what tests set with another one through a Redis', async () => {
    // The first program of the container only keeps its network alive.
    await using container = await start(image, 'understudy');
    await healthy(container);
    const flags = ['--port', '6379', '--bind', '127.0.0.1', '--save', '', '--dir', '/'];
    await using redis = container.exec(['redis-server', ...flags]);
    await redis.said(/Ready to accept connections/);
    const token = 'a-control-token';
    const serve = (port: string) =>
      container.exec(
        [
          ...image.entrypoint,
          ...['serve', '--state', 'redis://127.0.0.1:6379', '--state-address', 'understudy', '--json'],
        ],
        { UNDERSTUDY_PORT: port, UNDERSTUDY_CONTROL_TOKEN: token },
      );
    await using one = serve('8081');
    await using two = serve('8082');
    for (const each of [one, two])
      expect(JSON.parse(await each.line())).toMatchObject({ event: 'listening' });

    const shown = await printed(
      container.exec(
        node(`
          import { once } from 'node:events';
          import WebSocket from 'ws';
          const ws = new WebSocket('ws://understudy:8081/v2/realtime?token=any-token');
          await once(ws, 'open');
          const headers = { authorization: 'Bearer ${token}' };
          const answer = await fetch('http://understudy:8082/__understudy/sessions/s1', { headers });
          const { id, isOpen } = await answer.json();
          console.log(answer.status, id, isOpen);
          ws.terminate();
        `),
      ),
    );

    expect(shown).toBe('200 s1 true\n');
  });

  it('is healthy with a certificate and on another port', async () => {
    await using container = await start(image, 'understudy', {
      variables: { UNDERSTUDY_TLS: 'true', UNDERSTUDY_PORT: '8443' },
    });

    await healthy(container);
  });

  it('closes its connections and ends when process 1 gets SIGTERM', async () => {
    await using container = await start(image, 'understudy');
    await healthy(container);
    await using client = container.exec(
      node(`
        import WebSocket from 'ws';
        const ws = new WebSocket('ws://understudy:8080/v2/realtime?token=any-token');
        ws.on('open', () => console.log('open'));
        ws.on('close', (code) => console.log('closed', code));
      `),
    );

    expect(await client.line()).toBe('open');

    container.signal('SIGTERM');

    expect(await client.line()).toBe('closed 1001');
    expect(await container.exit).toEqual({ code: 0, signal: null });
  });
});

describe('deploy/compose.yaml', () => {
  it('has a client that gets the words of its recording', async () => {
    const services = composed();
    const { understudy, client } = services as Readonly<Record<'understudy' | 'client', Service>>;
    await using container = await start(image, 'understudy', { variables: environmentOf(understudy) });
    await healthy(container);

    const transcript = await printed(container.exec(client.entrypoint ?? [], environmentOf(client)));

    expect(transcript.trim().split('\n').join(' ')).toBe(fixture('en-appointment.wav').text);
  });
});

describe('docs/containers.md', () => {
  it.each(runsOf('docs/containers.md').map((run) => [run.line, run] as const))(
    'has a command that works: %s',
    async (_line, run) => {
      await using own = await folder();
      await mkdir(own.path('scenarios'));
      await copyFile(join(REPOSITORY, 'scenarios/reson8/happy-path.yaml'), own.path('scenarios/mine.yaml'));
      const volumes = run.volumes.map(({ from, to }) => [to, from.replace('$PWD', own.path('.'))]);
      await using container = await start(image, 'understudy', {
        variables: run.variables,
        ...(run.command.length === 0 ? {} : { command: run.command }),
        volumes: Object.fromEntries(volumes) as Readonly<Record<string, string>>,
      });

      if ((run.command[0] ?? 'serve') === 'serve') await healthy(container);
      else expect((await container.exit).code, container.program.stderr).toBe(0);

      expect(container.program.stderr).not.toMatch(/not a setting|expected/);

      for (const { to } of run.volumes) expect(await printed(container.exec(['ls', to]))).toBe('mine.yaml\n');
    },
  );

  it('has a sample that Python can compile', async () => {
    const samples = blocksOf('docs/containers.md').filter(({ language }) => language === 'python');
    expect(samples).toHaveLength(1);

    for (const { text } of samples)
      await printed(new Program('/usr/bin/python3', ['-c', 'import ast, sys; ast.parse(sys.argv[1])', text]));
  });
});
