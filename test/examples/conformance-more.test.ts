import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { oneFile } from '../support/programs/one-file.ts';
import { AGAIN_MS, expectConforming, judged } from './judged.ts';

const hasCurl = spawnSync('curl', ['--version']).status === 0;

// test/examples/conformance.test.ts has one run for each dialect.
describe('understudy conformance client', () => {
  it('finds no mistake in a client of scriptix in the edition examples', { timeout: AGAIN_MS }, async () => {
    // The programs that the vendor publishes need this edition.
    const editions = { scriptix: 'examples' } as const;
    const program = await oneFile('examples/node/scriptix.mjs');
    const { report } = await expectConforming(
      await judged('scriptix', [process.execPath, program], editions),
    );
    expect(report.subject.edition).toBe('examples');
  });

  it.skipIf(!hasCurl)(
    'finds no mistake in a script that only makes the service ready',
    { timeout: AGAIN_MS },
    async () => {
      const run = await judged('scriptix-rest', ['sh', 'examples/shell/scriptix-ready.sh']);
      // The script never connects.
      await expectConforming(run, ['SX-REST-023', 'SX-REST-024']);
    },
  );
});
