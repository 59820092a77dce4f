import { readFile, writeFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect } from '../support/clients/client.ts';
import { REPOSITORY } from '../support/programs/cli.ts';
import { INSTALL_MS, installPackage, type InstalledPackage } from '../support/programs/installed.ts';
import { installed } from '../support/programs/npm.ts';
import { expectNoOrphans } from '../support/programs/orphans.ts';
import { RUNNER_ENV } from '../support/programs/other-runner.ts';
import { Program } from '../support/programs/program.ts';
import { samples } from '../support/programs/readme.ts';
import { compiledAgainst } from '../support/programs/typed.ts';

/** The package as other people's tools see it; test/repository/package.test.ts tests what it contains. */
let place: InstalledPackage;

beforeAll(async () => void (place = await installPackage()), INSTALL_MS);
afterAll(() => place[Symbol.asyncDispose]());

it('npx finds the command, and it serves a client', { timeout: 120_000 }, async () => {
  const { version } = JSON.parse(await place.read('package.json')) as { version: string };
  // --no, because npx must not download another package of this name.
  expect(await place.run('npx', ['--no', 'understudy', '--', '--version'])).toBe(`${version}\n`);

  await using program = new Program(
    ...installed(place.folder, 'understudy', ['serve', '--port', '0', '--json']),
  );
  const first = JSON.parse(await program.line()) as { scriptix: { realtime: string } };
  await using client = connect(`${first.scriptix.realtime}?token=any`);
  await client.open;
  client.send({ action: 'stop' });

  expect((await client.closed).code).toBe(1000);
});

it('publint has no remarks, not even a suggestion', async () => {
  const tarball = new Uint8Array(await readFile(place.tarball)).buffer;
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true });

  expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
});

it(
  'every entry has the right types, in Node.js from ES modules and CommonJS, and in bundlers',
  { timeout: 120_000 },
  async () => {
    // All supported versions of Node.js can require ES modules.
    const flags = ['--profile', 'node16', '--ignore-rules', 'cjs-resolves-to-esm', '--no-definitely-typed'];
    const plain = ['--no-emoji', '--no-color', '--format', 'ascii'];
    const attw = join(REPOSITORY, 'node_modules/@arethetypeswrong/cli/dist/index.js');
    const said = await place.run(process.execPath, [attw, ...flags, ...plain, place.tarball]);

    const { exports } = JSON.parse(await place.read('package.json')) as { exports: object };
    for (const entry of Object.keys(exports))
      expect(said).toContain(`"${posix.join('asr-understudy', entry)}"`);
  },
);

it.each([
  ['of Node.js, with TypeScript 6', 6, 'nodenext', ['program.mts', 'program.cts']],
  ['of a bundler, with TypeScript 7', 7, 'preserve', ['program.ts']],
] as const)(
  'a strict TypeScript program %s, which looks at every declaration and has no types but those of Node.js, compiles against it',
  { timeout: 120_000 },
  async (_, version, module, files) => expect(await compiledAgainst(place, version, module, files)).toBe(''),
);

const JEST = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--ci'];

/** A test that hangs until the time limit of Jest. */
const HANGS = `
let fake;
beforeAll(async () => {
  const { startMockServer } = await import('asr-understudy');
  fake = await startMockServer();
});
afterAll(() => fake.stop());

test('hangs', async () => {
  require('node:fs').writeSync(2, 'the fake is ready\\n');
  await new Promise(() => {});
});`;

// The last test, because it installs more than the package in the folder.
it(
  'Jest runs the sample of the page on tests, and CommonJS requires the package',
  { timeout: INSTALL_MS },
  async () => {
    await place.install('jest@30');
    const [[, sample] = ['', '']] = samples('cjs');
    await writeFile(join(place.folder, 'sample.test.cjs'), sample);

    await place.run(process.execPath, JEST);

    const required = "console.log(typeof require('asr-understudy').startMockServer)";

    expect(await place.run(process.execPath, ['--no-warnings', '-e', required])).toBe('function\n');

    // Jest runs tests in processes of their own, which do not notice when it is killed, and end only with their tests.
    for (const name of ['one', 'two']) await writeFile(join(place.folder, `${name}.hangs.cjs`), HANGS);
    const only = ['--maxWorkers=2', `--rootDir=${place.folder}`, '--testMatch=**/*.hangs.cjs'];
    await expectNoOrphans({
      command: process.execPath,
      args: [
        '--experimental-vm-modules',
        join(place.folder, 'node_modules/jest/bin/jest.js'),
        '--ci',
        ...only,
      ],
      env: RUNNER_ENV,
      ready: /(the fake is ready[^]*){2}/,
      atLeast: 3,
    });
  },
);
