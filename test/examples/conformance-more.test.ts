import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { expectConforming, judged } from './judged.ts';

const hasCurl = spawnSync('curl', ['--version']).status === 0;

// test/examples/conformance.test.ts has one run for each dialect.
describe('understudy conformance client', () => {
  it('has nothing to say against a client of scriptix in the edition examples', async () => {
    // As the programs that the vendor publishes need it.
    const editions = { scriptix: 'examples' } as const;
    const run = await judged('scriptix', [process.execPath, 'examples/node/scriptix.mjs'], editions);

    expectConforming(run);
    expect(run.report.subject.edition).toBe('examples');
  });

  it.skipIf(!hasCurl)('nor against a script that only makes the service ready', async () => {
    const run = await judged('scriptix-rest', ['sh', 'examples/shell/scriptix-ready.sh']);
    // It never connects.
    expectConforming(run, ['SX-REST-023', 'SX-REST-024']);
  });
});
