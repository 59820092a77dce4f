import { mkdir, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { join, posix } from 'node:path';
import { preProcessFile } from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixture } from './support/audio.ts';
import { REPOSITORY } from './support/programs/cli.ts';
import { connect } from './support/clients/client.ts';
import { INSTALL_MS, installPackage, type InstalledPackage } from './support/programs/installed.ts';
import { Program } from './support/programs/program.ts';

/** For pages, as it is. */
const IN_PAGE = 'src/microphone/in-page.js';

let place: InstalledPackage;

beforeAll(async () => void (place = await installPackage()), INSTALL_MS);
afterAll(() => place[Symbol.asyncDispose]());

describe('what is in it', () => {
  it('the build, the recordings, the scenarios, and what a package should say of itself; no tests, no sources', () => {
    expect(place.files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']));
    expect(place.files).toEqual(
      expect.arrayContaining(['dist/index.js', 'dist/index.d.ts', 'dist/cli/main.js']),
    );
    expect(place.files).toEqual(
      expect.arrayContaining(['fixtures/audio/en-appointment.wav', 'fixtures/audio/en-appointment.wav.json']),
    );
    expect(place.files).toEqual(
      expect.arrayContaining([
        'scenarios/schema.json',
        'scenarios/scriptix/happy-path.yaml',
        'scenarios/probes/reson8/ping.yaml',
      ]),
    );

    const others = place.files.filter(
      (path) =>
        !/^(LICENSE|(README|BENCHMARKS|CHANGELOG|CONTRIBUTING)\.md|package\.json)$/.test(path) &&
        !/^(docs\/.+|fixtures\/README|src\/protocol\/(READINGS|[a-z0-9-]+\/(README|[a-z]+)))\.md$/.test(
          path,
        ) &&
        !path.startsWith('examples/') &&
        path !== IN_PAGE &&
        !/^dist\/.+(?<!\.test)\.(js|d\.ts)$/.test(path) &&
        !/^fixtures\/audio\/.+\.(wav|mp3|m3u8|ts|json)$/.test(path) &&
        !/^python\/(README\.md|pyproject\.toml|src\/understudy_pytest\/(\w+\.py|py\.typed))$/.test(path) &&
        !/^scenarios\/(schema\.json|README\.md|(probes\/)?[a-z0-9-]+\/[a-z0-9-]+\.yaml)$/.test(path),
    );
    expect(others).toEqual([]);
  });

  it('no page with a link to something that is not there', async () => {
    const pages = place.files.filter((path) => path.endsWith('.md'));
    const dead: string[] = [];
    for (const page of pages) {
      for (const [, target = ''] of (await place.read(page)).matchAll(
        /\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g,
      )) {
        const path = posix.join(posix.dirname(page), target);
        if (!place.files.some((file) => file === path || file.startsWith(`${path}/`)))
          dead.push(`${page}: ${target}`);
      }
    }

    expect(pages.length).toBeGreaterThan(10);
    expect(dead).toEqual([]);
  });

  it('every module with its types, and none that refers to a source map that is not there', async () => {
    const modules = place.files.filter((path) => path.endsWith('.js') && path !== IN_PAGE);
    expect(modules.length).toBeGreaterThan(20);

    for (const path of modules) {
      expect(place.files).toContain(path.replace(/\.js$/, '.d.ts'));
      expect(await place.read(path)).not.toContain('sourceMappingURL');
    }
  });

  it('imports nothing but its own modules, its dependencies and Node.js', async () => {
    const { dependencies, peerDependencies } = JSON.parse(await place.read('package.json')) as {
      dependencies: object;
      peerDependencies: object;
    };
    for (const path of place.files.filter((name) => /^dist\/.*\.(js|d\.ts)$/.test(name))) {
      const imported = preProcessFile(await place.read(path), true, true).importedFiles;
      for (const { fileName } of imported) {
        if (fileName.startsWith('.')) {
          const target = join(path, '..', fileName).replaceAll('\\', '/');
          // TypeScript writes types with the names of the sources, and finds them beside these.
          expect(place.files, `${path} imports ${fileName}`).toContain(
            target.replace(/(?<!\.d)\.ts$/, '.d.ts'),
          );
        } else {
          const [first = '', second = ''] = fileName.split('/');
          const name = first.startsWith('@') ? `${first}/${second}` : first;
          // Only who imports the part for vitest needs vitest, and so with Playwright.
          const isPeer = /^dist\/(vitest|playwright)[./]/.test(path) && name in peerDependencies;
          expect(isBuiltin(fileName) || name in dependencies || isPeer, `${path} imports ${fileName}`).toBe(
            true,
          );
        }
      }
    }
  });
});

describe('the command', () => {
  it('npx finds it, and it knows its version and its commands', { timeout: 120_000 }, async () => {
    const { version } = JSON.parse(await place.read('package.json')) as { version: string };
    // --no: never fetch a package of this name instead.
    expect(await place.run('npx', ['--no', 'understudy', '--', '--version'])).toBe(`${version}\n`);

    const help = await place.run('npx', ['--no', 'understudy', '--', '--help']);
    expect(help).toMatch(/understudy serve/);

    const scenarios = await place.run('npx', ['--no', 'understudy', '--', 'scenario', 'list']);
    expect(scenarios).toMatch(/^happy-path +scriptix +\S/m);
  });

  it('serves a client', async () => {
    const bin = join(place.folder, 'node_modules/.bin/understudy');
    await using program = new Program(bin, ['serve', '--port', '0', '--json']);
    const first = JSON.parse(await program.line()) as { scriptix: { realtime: string } };
    await using client = connect(`${first.scriptix.realtime}?token=any`);
    await client.open;
    client.send({ action: 'start' });
    await client.next(({ text }) => text === '{"state":"listening"}');
    client.send({ action: 'stop' });

    expect((await client.closed).code).toBe(1000);
  });
});

describe('the library', () => {
  it('an ES module imports it, starts the fake, and its recordings are known', async () => {
    await writeFile(join(place.folder, 'session.mjs'), SESSION);
    const said = JSON.parse(await place.run(process.execPath, ['session.mjs'])) as unknown;
    const { text } = fixture('en-appointment.wav');

    expect(said).toEqual({ finals: text, started: 1, closeCode: 1000 });
  });

  it(
    'a strict TypeScript program that looks at every declaration compiles against it',
    { timeout: 120_000 },
    async () => {
      const project = join(place.folder, 'typed');
      await mkdir(project);
      await writeFile(join(project, 'program.mts'), TYPED);
      await writeFile(join(project, 'tsconfig.json'), JSON.stringify(STRICT));
      const compiler = join(REPOSITORY, 'node_modules/typescript/bin/tsc');

      expect(await place.run(process.execPath, [compiler, '-p', project])).toBe('');
    },
  );
});

const SESSION = `
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { once } from 'node:events';
import WebSocket from 'ws';
import { startMockServer } from 'asr-understudy';

const home = createRequire(import.meta.url).resolve('asr-understudy/package.json');
const fake = await startMockServer();
const ws = new WebSocket(fake.urls.scriptix.realtime + '?token=any');
const finals = [];
ws.on('message', (data) => {
  const message = JSON.parse(String(data));
  if (message.is_final) finals.push(message.text);
});
await once(ws, 'open');
const session = await fake.nextSession();
ws.send('{"action":"start"}');
await session.received('start');
ws.send(readFileSync(new URL('fixtures/audio/en-appointment.wav', 'file://' + home)));
ws.send('{"action":"stop"}');
const [closeCode] = await once(ws, 'close');
await fake.stop();
console.log(JSON.stringify({ finals: finals.join(' '), started: session.count('start'), closeCode }));
`;

const TYPED = `
import { startMockServer, UserError, type MockServer, type MockServerOptions, type ServerEvent, type Session } from 'asr-understudy';

const events: ServerEvent[] = [];
const options: MockServerOptions = { port: 0, keys: ['secret:user'], clock: 'manual', onEvent: (event) => events.push(event) };

export async function use(): Promise<string> {
  const fake: MockServer = await startMockServer(options);
  const session: Session = await fake.nextSession();
  await session.received('audio', { count: 2 });
  const closeCode: number | undefined = session.closeCode;
  session.abort('reset');
  await fake.clock.advance(15_000);
  fake.service.set('scaled_down');
  await fake[Symbol.asyncDispose]();
  // @ts-expect-error A port is a number.
  await startMockServer({ port: '8080' }).catch((error: unknown) => error instanceof UserError);
  // @ts-expect-error There is no such way to end a connection.
  session.abort('politely');
  return fake.urls.scriptix.realtime + String(closeCode);
}
`;

const STRICT = {
  compilerOptions: {
    strict: true,
    noEmit: true,
    module: 'nodenext',
    target: 'es2023',
    skipLibCheck: false,
    exactOptionalPropertyTypes: true,
    types: ['node'],
    typeRoots: [join(REPOSITORY, 'node_modules/@types')],
  },
  files: ['program.mts'],
};
