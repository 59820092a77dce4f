import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REPOSITORY } from '../support/programs/cli.ts';
import { expectNoOrphans } from '../support/programs/orphans.ts';
import { compiled, ran, RUN_HANGS_MS, RUNNER_ENV, vitest } from '../support/programs/other-runner.ts';

const EXAMPLES = join(REPOSITORY, 'examples');

describe('the example test suites of a client', () => {
  it('examples/vitest passes', { timeout: RUN_HANGS_MS }, async () => {
    const { code, said } = await vitest(join(EXAMPLES, 'vitest'));

    expect(code, said).toBe(0);
    expect(said).toMatch(/Tests .*3 passed/);
  });

  it('examples/vitest has the right types', { timeout: RUN_HANGS_MS }, async () => {
    const { code, said } = await compiled(join(EXAMPLES, 'vitest/dictation.test.ts'));

    expect(code, said).toBe(0);
  });

  it('examples/node-test passes', { timeout: RUN_HANGS_MS }, async () => {
    const { code, said } = await ran(['--test', join(EXAMPLES, 'node-test/captions.test.mjs')]);

    expect(code, said).toBe(0);
    expect(said).toMatch(/pass 4/);
  });

  it('examples/node-test leaves no process behind when it is killed', async () => {
    await expectNoOrphans({
      command: process.execPath,
      args: ['--test', '--test-reporter=tap', join(EXAMPLES, 'node-test/captions.test.mjs')],
      env: RUNNER_ENV,
      ready: /ok 1 - /,
      // The test files run in processes of their own.
      atLeast: 2,
    });
  });
});
