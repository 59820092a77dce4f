import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { oneFile } from '../support/programs/one-file.ts';
import { expectConforming, judged } from './judged.ts';

const hasCurl = spawnSync('curl', ['--version']).status === 0;

// test/examples/conformance.test.ts has one run for each dialect.
describe('understudy conformance client', () => {
  it('finds no mistake in a client of scriptix in the edition examples', async () => {
    // The programs that the vendor publishes need this edition.
    const editions = { scriptix: 'examples' } as const;
    const program = await oneFile('examples/node/scriptix.mjs');
    const run = await judged('scriptix', [process.execPath, program], editions);

    expectConforming(run);
    expect(run.report.subject.edition).toBe('examples');
  });

  it.skipIf(!hasCurl)('finds no mistake in a script that only makes the service ready', async () => {
    const run = await judged('scriptix-rest', ['sh', 'examples/shell/scriptix-ready.sh']);
    // The script never connects.
    expectConforming(run, ['SX-REST-023', 'SX-REST-024']);
  });
});
