import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { INSTALL_MS, installPackage } from '../support/programs/installed.ts';
import { samples } from '../support/readme.ts';

it(
  'Jest runs the sample of the page on tests, and CommonJS requires the package',
  { timeout: 2 * INSTALL_MS },
  async () => {
    await using place = await installPackage();
    await place.install('jest@30');
    const [[, sample] = ['', '']] = samples('cjs');
    await writeFile(join(place.folder, 'sample.test.cjs'), sample);

    await place.run(process.execPath, ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--ci']);

    const required = "console.log(typeof require('asr-understudy').startMockServer)";

    expect(await place.run(process.execPath, ['--no-warnings', '-e', required])).toBe('function\n');
  },
);
