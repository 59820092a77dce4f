import { execFile } from 'node:child_process';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CLI, REPOSITORY } from './cli.ts';

const SOURCES = ['src', 'tsconfig.json', 'tsconfig.build.json', 'package.json'];

/**
 * Builds the command and the library once before the tests, when they are missing or older than a source: a fresh clone
 * can be tested at once, and no test runs with an old build. A build that UNDERSTUDY_CLI names is not rebuilt.
 */
export default async function setup(): Promise<void> {
  if (process.env['UNDERSTUDY_CLI'] !== undefined) return;
  const changedMs = await Promise.all(SOURCES.map((path) => newestMs(join(REPOSITORY, path))));
  const builtMs = await stat(CLI).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  if (builtMs <= Math.max(...changedMs)) await build();
}

/** Builds in another folder and then swaps, so that a failed build leaves nothing incomplete that looks up to date. */
async function build(): Promise<void> {
  const dist = join(REPOSITORY, 'dist');
  const fresh = join(REPOSITORY, `build/dist-${process.pid}`);
  try {
    await compile(fresh);
    await rm(dist, { recursive: true, force: true });
    await rename(fresh, dist);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

async function compile(folder: string): Promise<void> {
  const compiler = join(REPOSITORY, 'node_modules/typescript-native/bin/tsc');
  const flags = ['-p', 'tsconfig.build.json', '--outDir', folder];
  try {
    const run = (args: readonly string[]) => promisify(execFile)(process.execPath, args, { cwd: REPOSITORY });
    await run([compiler, ...flags]);
    await run(['src/cli/start/bundle.mjs', folder]);
    await run(['src/page/build.mjs', folder]);
  } catch (error) {
    // tsc reports errors on standard output, which the message of the thrown error does not contain.
    const told = error instanceof Error && 'stdout' in error ? String(error.stdout) : '';
    throw new Error(`The sources do not build:\n${told}`, { cause: error });
  }
}

/** When the newest entry was written. A folder counts as well: it changes when a file in it is deleted. */
async function newestMs(path: string): Promise<number> {
  const entry = await stat(path);
  if (!entry.isDirectory()) return entry.mtimeMs;
  const inside = await Promise.all((await readdir(path)).map((name) => newestMs(join(path, name))));
  return Math.max(entry.mtimeMs, ...inside);
}
