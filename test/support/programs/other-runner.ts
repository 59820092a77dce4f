import { join } from 'node:path';
import { REPOSITORY } from './cli.ts';
import { Program } from './program.ts';

export const MODULES = join(REPOSITORY, 'node_modules');

/** A test runner must not believe that it is part of the one that starts it. */
export const RUNNER_ENV: NodeJS.ProcessEnv = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_TEST_CONTEXT|NODE_OPTIONS)/.test(name)),
);

/** Longer than a browser and a few recordings take on a busy machine. */
const PATIENCE_MS = 150_000;

interface Ran {
  readonly code: number | null;
  readonly said: string;
}

/** Runs Node.js with another project's test runner, to its end. */
export async function ran(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  await using program = new Program(process.execPath, args, { ...RUNNER_ENV, ...env });
  program.patienceMs = PATIENCE_MS;
  const { code } = await program.exit;
  return { code, said: program.stdout + program.stderr };
}

/** Compiles a test of the examples as a reader would, without writing anything. */
export function compiled(file: string): Promise<Ran> {
  const flags = ['--noEmit', '--strict', '--skipLibCheck', '--ignoreConfig', '--types', 'node'];
  const language = ['--target', 'es2023', '--lib', 'es2023,esnext.disposable'];
  const modules = ['--module', 'preserve', '--moduleResolution', 'bundler'];
  return ran([join(MODULES, 'typescript/bin/tsc'), ...flags, ...language, ...modules, file]);
}
