import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { REPOSITORY } from './cli.ts';
import { Program } from './program.ts';

export const MODULES = join(REPOSITORY, 'node_modules');

/** A test runner must not believe that it is part of the one that starts it. */
export const RUNNER_ENV: NodeJS.ProcessEnv = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_TEST_CONTEXT|NODE_OPTIONS)/.test(name)),
);

/** A wait within a test of another runner: only one for something that never comes takes so long, however busy the machine is. */
const WAIT_MS = 60_000;
/** The same for a run of a few tests, which start a browser and play recordings. */
const RUN_MS = 6 * WAIT_MS;
/** The time limit of a test that makes such a run: a failure shows what the run said. */
export const RUN_HANGS_MS = RUN_MS + WAIT_MS;

interface Ran {
  readonly code: number | null;
  readonly said: string;
}

/** Runs Node.js with another project's test runner, to its end. */
export async function ran(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  await using program = new Program(process.execPath, args, { ...RUNNER_ENV, ...env });
  program.patienceMs = RUN_MS;
  const { code } = await program.exit;
  return { code, said: program.stdout + program.stderr };
}

/** Runs Vitest in a folder, without its limits, which a busy machine reaches. */
export function vitest(folder: string): Promise<Ran> {
  const limits = ['--testTimeout', '--hookTimeout', '--expect.poll.timeout'].map(
    (name) => `${name}=${WAIT_MS}`,
  );
  return ran([join(MODULES, 'vitest/vitest.mjs'), 'run', '--root', folder, ...limits]);
}

/** Runs Playwright with the configuration in a folder, but without its limits. */
export function playwright(folder: string, browser: string): Promise<Ran> {
  const config = fileURLToPath(new URL('patient.playwright.config.mjs', import.meta.url));
  return ran([join(MODULES, '@playwright/test/cli.js'), 'test', '--config', config], {
    CHROMIUM: browser,
    CONFIG: join(folder, 'playwright.config.mjs'),
    PATIENCE_MS: String(WAIT_MS),
  });
}

/** Compiles a test of the examples as a reader would, without writing anything. */
export function compiled(file: string): Promise<Ran> {
  const flags = ['--noEmit', '--strict', '--skipLibCheck', '--ignoreConfig', '--types', 'node'];
  const language = ['--target', 'es2023', '--lib', 'es2023,esnext.disposable'];
  const modules = ['--module', 'preserve', '--moduleResolution', 'bundler'];
  return ran([join(MODULES, 'typescript/bin/tsc'), ...flags, ...language, ...modules, file]);
}
