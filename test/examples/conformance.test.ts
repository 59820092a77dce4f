import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { vendorOf } from '../../src/protocol/dialects.ts';
import type { ClientRun } from '../../src/conformance/run-client.ts';
import { expectConforming, judged } from './judged.ts';

const hasCurl = spawnSync('curl', ['--version']).status === 0;

/** What people copy is judged by what they judge their own clients with. */
const EXAMPLES = [
  ['scriptix', 'examples/node/scriptix.mjs', 'documents'],
  // As the programs that the vendor publishes need it.
  ['scriptix', 'examples/node/scriptix.mjs', 'examples'],
  ['scriptix-stream', 'examples/node/scriptix-stream.mjs', 'documents'],
  ['scriptix-rest', 'examples/node/scriptix.mjs', 'documents'],
  ['reson8', 'examples/node/reson8.mjs', 'documents'],
  ['reson8-turns', 'examples/node/reson8-turns.mjs', 'documents'],
] as const;

describe('understudy conformance client', () => {
  const runs = new Map<string, ClientRun>();
  // Together: judging one would keep the fakes of the others from answering in time.
  beforeAll(async () => {
    await Promise.all(
      EXAMPLES.map(async ([dialect, path, edition]) => {
        const editions = { [vendorOf(dialect)]: edition };
        runs.set(`${dialect} ${edition}`, await judged(dialect, [process.execPath, path], editions));
      }),
    );
  }, 240_000);

  it.each(EXAMPLES)(
    'has nothing to say against a client of %s, %s, in the edition %s',
    (dialect, _path, edition) => {
      const run = runs.get(`${dialect} ${edition}`);
      expect(run).toBeDefined();
      if (run === undefined) return;
      expectConforming(run);
      expect(run.report.subject.edition).toBe(edition === 'documents' ? undefined : edition);
    },
  );

  it.skipIf(!hasCurl)(
    'nor against a script that only makes the service ready',
    { timeout: 120_000 },
    async () => {
      const run = await judged('scriptix-rest', ['sh', 'examples/shell/scriptix-ready.sh']);
      // It never connects.
      expectConforming(run, ['SX-REST-023', 'SX-REST-024']);
    },
  );
});
