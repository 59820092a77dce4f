import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REPOSITORY } from '../support/programs/cli.ts';
import { Program } from '../support/programs/program.ts';

const MODULES = join(REPOSITORY, 'node_modules');
const EXAMPLES = join(REPOSITORY, 'examples');

/** A test runner must not take itself for a part of the one that starts it. */
const ENV = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_TEST_CONTEXT|NODE_OPTIONS)/.test(name)),
);

async function run(...args: readonly string[]): Promise<{ code: number | null; said: string }> {
  await using program = new Program(process.execPath, args, ENV);
  const { code } = await program.exit;
  return { code, said: program.stdout + program.stderr };
}

describe("a user's own tests of their client", () => {
  it('examples/vitest: all of them pass', async () => {
    const { code, said } = await run(
      join(MODULES, 'vitest/vitest.mjs'),
      'run',
      '--root',
      join(EXAMPLES, 'vitest'),
    );

    expect(code, said).toBe(0);
    expect(said).toMatch(/Tests .*3 passed/);
  });

  it('examples/vitest: the types are right', async () => {
    const flags = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2023', '--types', 'node'];
    const modules = [
      '--module',
      'preserve',
      '--moduleResolution',
      'bundler',
      '--lib',
      'es2023,esnext.disposable',
    ];
    const file = join(EXAMPLES, 'vitest/dictation.test.ts');
    const { code, said } = await run(
      join(MODULES, 'typescript/bin/tsc'),
      ...flags,
      ...modules,
      '--ignoreConfig',
      file,
    );

    expect(code, said).toBe(0);
  });

  it('examples/node-test: all of them pass', async () => {
    const { code, said } = await run('--test', join(EXAMPLES, 'node-test/captions.test.mjs'));
    expect(code, said).toBe(0);
    expect(said).toMatch(/pass 4/);
  });
});
