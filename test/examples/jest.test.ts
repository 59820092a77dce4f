import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { INSTALL_MS, installPackage } from '../support/programs/installed.ts';
import { expectNoOrphans } from '../support/programs/orphans.ts';
import { RUNNER_ENV } from '../support/programs/other-runner.ts';
import { samples } from '../support/programs/readme.ts';

const JEST = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--ci'];

/** A test that has begun, and hangs until Jest's own time limit. */
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

it(
  'Jest runs the sample of the page on tests, and CommonJS requires the package',
  { timeout: 2 * INSTALL_MS },
  async () => {
    await using place = await installPackage();
    await place.install('jest@30');
    const [[, sample] = ['', '']] = samples('cjs');
    await writeFile(join(place.folder, 'sample.test.cjs'), sample);

    await place.run(process.execPath, JEST);

    const required = "console.log(typeof require('asr-understudy').startMockServer)";

    expect(await place.run(process.execPath, ['--no-warnings', '-e', required])).toBe('function\n');

    // Jest runs them in processes of their own, which do not notice that it is gone: their tests end, and with them all.
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
