import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { join, posix } from 'node:path';
import { promisify } from 'node:util';
import { preProcessFile } from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixture } from '../support/audio.ts';
import { REPOSITORY } from '../support/programs/cli.ts';
import { connect } from '../support/clients/client.ts';
import { unpackPackage, type UsablePackage } from '../support/programs/installed.ts';
import type { Command } from '../support/programs/npm.ts';
import { Program } from '../support/programs/program.ts';
import { compiledAgainst } from '../support/programs/typed.ts';

/** Modules for pages, which are not compiled. */
const IN_PAGE = 'src/microphone/in-page.js';

/** The bundle of the live page. */
const PAGE = ['app.js', 'editor.js', 'index.html', 'page.css', 'worklet.js'].map(
  (name) => `dist/page/${name}`,
);

/** Source maps of what is bundled in place: the command, and the programs that it starts. */
const MAPS = ['cli/main', 'cli/judge/thread', 'mock-server/workers/worker'].map(
  (path) => `dist/${path}.js.map`,
);

/** The chunks of the command, whose names change with their content. */
const BUNDLE = 'dist/cli/bundle/';

/** The package as it would be packed. published.test.ts tests it installed with npm, as its users see it. */
let place: UsablePackage;

beforeAll(async () => void (place = await unpackPackage()));
afterAll(() => place[Symbol.asyncDispose]());

/** Files that are published as they are in the repository. */
const AS_IT_IS = [
  'LICENSE',
  'package.json',
  'README.md',
  'BENCHMARKS.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'docs/*.md',
  'docs/*.png',
  'examples',
  'fixtures/README.md',
  'fixtures/audio',
  'python/README.md',
  'python/pyproject.toml',
  'python/src/understudy_pytest',
  'scenarios',
  IN_PAGE,
  'src/protocol/*.md',
];

/** The committed files at some paths; a star matches anything. */
async function committed(paths: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)('git', ['ls-files', '-z', '--', ...paths], {
    cwd: REPOSITORY,
  });
  return stdout.split('\0').filter((path) => path !== '');
}

describe('the package', () => {
  it('contains the committed files of the published folders, and the output of the build for each source', async () => {
    const sources = (await committed(['src/*.ts'])).filter((path) => !/\.d\.ts$|^src\/page\//.test(path));
    const built = sources
      .map((path) => path.replace(/^src(.*)\.ts$/, 'dist$1'))
      .flatMap((path) => [`${path}.js`, `${path}.d.ts`]);
    const expected = [...(await committed(AS_IT_IS)), ...built, ...PAGE, ...MAPS].sort();

    expect(expected.length).toBeGreaterThan(1500);
    expect(place.files.filter((path) => !path.startsWith(BUNDLE))).toEqual(expected);
    // The chunks that the command loads at its start and later.
    expect(place.files.filter((path) => path.startsWith(BUNDLE)).length).toBeGreaterThan(20);
  });

  it('contains no page with a link to a missing file', async () => {
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

  it('contains no module whose source map is missing', async () => {
    const modules = place.files.filter((path) => path.endsWith('.js'));
    expect(modules.length).toBeGreaterThan(20);

    for (const path of modules) {
      for (const [, map = ''] of (await place.read(path)).matchAll(/^\/\/# sourceMappingURL=(.*)$/gm)) {
        const file = posix.join(posix.dirname(path), map);
        expect(place.files, path).toContain(file);
        const { sources } = JSON.parse(await place.read(file)) as { sources: readonly string[] };
        for (const source of sources) expect(place.files).toContain(posix.join(posix.dirname(file), source));
      }
    }
  });

  it('imports only its own modules, its dependencies and Node.js', async () => {
    const { dependencies, peerDependencies } = JSON.parse(await place.read('package.json')) as {
      dependencies: object;
      peerDependencies: object;
    };
    const files = new Set(place.files);
    const wrong: string[] = [];
    const modules = place.files.filter((name) => /^dist\/.*\.(js|d\.ts)$/.test(name));
    for (const path of modules) {
      const imported = preProcessFile(await place.read(path), true, true).importedFiles;
      // In declarations, TypeScript keeps the names of the sources, and finds the declarations beside them.
      const isOwn = (name: string) =>
        files.has(posix.join(path, '..', name).replace(/(?<!\.d)\.ts$/, '.d.ts'));
      const isAnothers = (name: string) => {
        const [first = '', second = ''] = name.split('/');
        const owner = first.startsWith('@') ? `${first}/${second}` : first;
        // Only users of the entry for vitest need vitest, and likewise for Playwright and --state.
        const isPeer =
          /^dist\/(vitest|playwright|mock-server\/fleet|cli\/bundle)[./]/.test(path) &&
          owner in peerDependencies;
        return isBuiltin(name) || owner in dependencies || isPeer;
      };
      for (const { fileName } of imported) {
        const isRight = fileName.startsWith('.') ? isOwn(fileName) : isAnothers(fileName);
        if (!isRight) wrong.push(`${path} imports ${fileName}`);
      }
    }

    expect(modules.length).toBeGreaterThan(1000);
    expect(wrong).toEqual([]);
  });
});

/** The command of the package, without the link that npm creates to it. */
async function understudy(...args: readonly string[]): Promise<Command> {
  const { bin } = JSON.parse(await place.read('package.json')) as { bin: { understudy: string } };
  const program = join(place.folder, 'node_modules/asr-understudy', bin.understudy);
  return [process.execPath, [program, ...args]];
}

describe('the command', () => {
  it('prints its version, its commands and its scenarios', async () => {
    const [program, args] = await understudy();
    const said = (...more: readonly string[]) => place.run(program, [...args, ...more]);
    const { version } = JSON.parse(await place.read('package.json')) as { version: string };

    expect(await said('--version')).toBe(`${version}\n`);
    expect(await said('--help')).toMatch(/understudy serve/);
    expect(await said('scenario', 'list')).toMatch(/^happy-path +scriptix +\S/m);
  });

  it('serves a client', async () => {
    await using program = new Program(...(await understudy('serve', '--port', '0', '--json')));
    const first = JSON.parse(await program.line()) as { scriptix: { realtime: string } };
    await using client = connect(`${first.scriptix.realtime}?token=any`);
    await client.open;
    client.send({ action: 'start' });
    await client.next(({ text }) => text === '{"state":"listening"}');
    client.send({ action: 'stop' });

    expect((await client.closed).code).toBe(1000);
  });
});

it('the command says what to install for --state', async () => {
  const args = ['serve', '--port', '0', '--state', 'redis://127.0.0.1:1'];
  await using program = new Program(...(await understudy(...args)));
  await program.said(/--state: needs a library that is not installed: npm install @redis\/client/);

  expect((await program.exit).code).toBe(2);
});

describe('the library', () => {
  it('can be imported by an ES module, starts a fake, and has its recordings', async () => {
    await writeFile(join(place.folder, 'session.mjs'), SESSION);
    const said = JSON.parse(await place.run(process.execPath, ['session.mjs'])) as unknown;
    const { text } = fixture('en-appointment.wav');

    expect(said).toEqual({ finals: text, started: 1, closeCode: 1000 });
  });

  it('can be required by a CommonJS module', async () => {
    await writeFile(join(place.folder, 'entries.cjs'), REQUIRED);

    expect(JSON.parse(await place.run(process.execPath, ['entries.cjs']))).toEqual({
      fake: 'function',
      recording: 'function',
    });
  });

  // published.test.ts has the same test for TypeScript 6 and for a bundler.
  it(
    'a strict TypeScript program of Node.js, as ES module and as CommonJS, which looks at every declaration and has no types but those of Node.js, compiles against it',
    { timeout: 120_000 },
    async () => expect(await compiledAgainst(place, 7, 'nodenext', ['program.mts', 'program.cts'])).toBe(''),
  );
});

const REQUIRED = `
const { startMockServer } = require('asr-understudy');
const { recording } = require('asr-understudy/microphone');
console.log(JSON.stringify({ fake: typeof startMockServer, recording: typeof recording }));
`;

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
