import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { promisify } from 'node:util';
import { preProcessFile } from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixture } from './support/audio.ts';
import { PACKAGE, REPOSITORY } from './support/programs/cli.ts';
import { connect } from './support/clients/client.ts';
import { Program } from './support/programs/program.ts';
import { samples } from './support/readme.ts';

/** The folder of somebody who has just installed the package, and nothing else. */
let folder: string;
/** What is in the package, as paths in it. */
let files: readonly string[];

/** Generous: it installs from the registry. */
const INSTALL_MS = 180_000;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'understudy-package-'));
  const tarballs = await mkdtemp(join(tmpdir(), 'understudy-tarball-'));
  try {
    // Without scripts: they would build anew, under the feet of the other tests.
    const packing = ['pack', '--ignore-scripts', '--json', '--pack-destination', tarballs];
    const [packed] = JSON.parse(await run('npm', packing, PACKAGE)) as [
      { filename: string; files: { path: string }[] },
    ];
    files = packed.files.map(({ path }) => path).sort();
    const tarball = join(tarballs, packed.filename);
    await run(
      'npm',
      ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', tarball],
      folder,
    );
  } finally {
    await rm(tarballs, { recursive: true });
  }
}, INSTALL_MS);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a program to its end and returns what it wrote; when it fails, the error has all that it said. */
async function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(command, args, { cwd, env: ENV });
    return stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(' ')} failed\n${stdout ?? ''}${stderr ?? ''}`, { cause: error });
  }
}

/** Tests are started by npm, and what it tells its scripts about this package is not true of the other folder. */
const ENV = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(npm_(package|lifecycle|config_local_prefix)|INIT_CWD)/i.test(name),
  ),
);

describe('what is in it', () => {
  it('the build, the recordings, the scenarios, and what a package should say of itself; no tests, no sources', () => {
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']));
    expect(files).toEqual(expect.arrayContaining(['dist/index.js', 'dist/index.d.ts', 'dist/cli/main.js']));
    expect(files).toEqual(
      expect.arrayContaining(['fixtures/audio/en-appointment.wav', 'fixtures/audio/en-appointment.wav.json']),
    );
    expect(files).toEqual(
      expect.arrayContaining([
        'scenarios/schema.json',
        'scenarios/scriptix/happy-path.yaml',
        'scenarios/probes/reson8/ping.yaml',
      ]),
    );
    const others = files.filter(
      (path) =>
        !/^(LICENSE|(README|BENCHMARKS|CHANGELOG|CONTRIBUTING)\.md|package\.json)$/.test(path) &&
        !/^(docs\/.+|fixtures\/README|src\/protocol\/(READINGS|[a-z0-9-]+\/(README|[a-z]+)))\.md$/.test(path) &&
        !path.startsWith('examples/') &&
        !/^dist\/.+(?<!\.test)\.(js|d\.ts)$/.test(path) &&
        !/^fixtures\/audio\/.+\.(wav|mp3|m3u8|ts|json)$/.test(path) &&
        !/^scenarios\/(schema\.json|README\.md|(probes\/)?[a-z0-9-]+\/[a-z0-9-]+\.yaml)$/.test(path),
    );
    expect(others).toEqual([]);
  });

  it('no page with a link to something that is not there', async () => {
    const pages = files.filter((path) => path.endsWith('.md'));
    const dead: string[] = [];
    for (const page of pages) {
      for (const [, target = ''] of (await installed(page)).matchAll(
        /\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g,
      )) {
        const path = posix.join(posix.dirname(page), target);
        if (!files.some((file) => file === path || file.startsWith(`${path}/`)))
          dead.push(`${page}: ${target}`);
      }
    }
    expect(pages.length).toBeGreaterThan(10);
    expect(dead).toEqual([]);
  });

  it('every module with its types, and none that refers to a source map that is not there', async () => {
    const modules = files.filter((path) => path.endsWith('.js'));
    expect(modules.length).toBeGreaterThan(20);
    for (const path of modules) {
      expect(files).toContain(path.replace(/\.js$/, '.d.ts'));
      expect(await installed(path)).not.toContain('sourceMappingURL');
    }
  });

  it('imports nothing but its own modules, its dependencies and Node.js', async () => {
    const { dependencies, peerDependencies } = JSON.parse(await installed('package.json')) as {
      dependencies: object;
      peerDependencies: object;
    };
    for (const path of files.filter((name) => /^dist\/.*\.(js|d\.ts)$/.test(name))) {
      const imported = preProcessFile(await installed(path), true, true).importedFiles;
      for (const { fileName } of imported) {
        if (fileName.startsWith('.')) {
          const target = join(path, '..', fileName).replaceAll('\\', '/');
          // TypeScript writes types with the names of the sources, and finds them beside these.
          expect(files, `${path} imports ${fileName}`).toContain(target.replace(/(?<!\.d)\.ts$/, '.d.ts'));
        } else {
          const [first = '', second = ''] = fileName.split('/');
          const name = first.startsWith('@') ? `${first}/${second}` : first;
          // Only who imports the part for vitest needs vitest.
          const isPeer = /^dist\/vitest[./]/.test(path) && name in peerDependencies;
          expect(isBuiltin(fileName) || name in dependencies || isPeer, `${path} imports ${fileName}`).toBe(
            true,
          );
        }
      }
    }
  });
});

function installed(path: string): Promise<string> {
  return readFile(join(folder, 'node_modules/asr-understudy', path), 'utf8');
}

describe('the command', () => {
  it('npx finds it, and it knows its version and its commands', { timeout: 120_000 }, async () => {
    const { version } = JSON.parse(await installed('package.json')) as { version: string };
    // --no: never fetch a package of this name instead.
    expect(await run('npx', ['--no', 'understudy', '--', '--version'], folder)).toBe(`${version}\n`);
    const help = await run('npx', ['--no', 'understudy', '--', '--help'], folder);
    expect(help).toMatch(/understudy serve/);
    const scenarios = await run('npx', ['--no', 'understudy', '--', 'scenario', 'list'], folder);
    expect(scenarios).toMatch(/^happy-path +scriptix +\S/m);
  });

  it('serves a client', async () => {
    const bin = join(folder, 'node_modules/.bin/understudy');
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
    await writeFile(join(folder, 'session.mjs'), SESSION);
    const said = JSON.parse(await run(process.execPath, ['session.mjs'], folder)) as unknown;
    const { text } = fixture('en-appointment.wav');
    expect(said).toEqual({ finals: text, started: 1, closeCode: 1000 });
  });

  it(
    'Jest runs the sample of the page on tests, and CommonJS requires the package',
    { timeout: INSTALL_MS },
    async () => {
      const jest = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', 'jest@30'];
      await run('npm', jest, folder);
      const [[, sample] = ['', '']] = samples('cjs');
      await writeFile(join(folder, 'sample.test.cjs'), sample);
      await run(
        process.execPath,
        ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--ci'],
        folder,
      );
      const required = "console.log(typeof require('asr-understudy').startMockServer)";
      expect(await run(process.execPath, ['--no-warnings', '-e', required], folder)).toBe('function\n');
    },
  );

  it(
    'a strict TypeScript program that looks at every declaration compiles against it',
    { timeout: 120_000 },
    async () => {
      const project = join(folder, 'typed');
      await mkdir(project);
      await writeFile(join(project, 'program.mts'), TYPED);
      await writeFile(join(project, 'tsconfig.json'), JSON.stringify(STRICT));
      const compiler = join(REPOSITORY, 'node_modules/typescript/bin/tsc');
      expect(await run(process.execPath, [compiler, '-p', project], folder)).toBe('');
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
