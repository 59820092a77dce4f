import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { REPOSITORY } from './cli.ts';

/** Packages that Node.js loads with `require`, which a bundle of ES modules does not have of itself. */
const REQUIRE =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/**
 * A program of this repository, given by its path, as one file with all that it imports, and the path of that file. It
 * starts with two thirds of the processor time, which counts where a test starts it for each of many scenarios.
 */
export async function oneFile(path: string): Promise<string> {
  const folder = join(REPOSITORY, 'build/programs', path, '..');
  await mkdir(folder, { recursive: true });
  const fresh = await mkdtemp(join(folder, 'fresh-'));
  try {
    const made = join(fresh, basename(path));
    await build({
      entryPoints: [join(REPOSITORY, path)],
      outfile: made,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20.19',
      banner: { js: REQUIRE },
      logLevel: 'warning',
    });
    const kept = join(folder, basename(path));
    // Another process may run the one that was there, or make the same: neither ever sees a part of a file.
    await rename(made, kept);
    return kept;
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}
