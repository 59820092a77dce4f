import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { DIST } from '../servers/start.ts';

const run = promisify(execFile);

const ROOT = dirname(DIST);
/** Installing from the registry over a slow line. */
const TIMEOUT_MS = 300_000;

export interface PackResult {
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  readonly files: number;
  /** The packages that it depends on itself, and all that are installed with it, without itself. */
  readonly dependencies: number;
  readonly installed: number;
  /** The time of `npx` from the packed file until it has printed its version: with an empty cache, and again. */
  readonly coldMs: number;
  readonly warmMs: number;
}

/** Packs the build, and starts it from the package with a separate cache. It needs the npm registry. */
export async function measurePack(): Promise<PackResult> {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-bench-'));
  try {
    // The build exists already; without scripts it is not built again.
    const { stdout } = await run(
      'npm',
      ['pack', '--json', '--ignore-scripts', '--pack-destination', folder],
      { cwd: ROOT, timeout: TIMEOUT_MS, maxBuffer: 2 ** 26 },
    );
    const [packed] = JSON.parse(stdout) as readonly [Packed];
    const start = async () => {
      const began = performance.now();
      await run(
        'npm',
        ['exec', '--yes', `--package=${join(folder, packed.filename)}`, '--', 'understudy', '--version'],
        {
          cwd: folder,
          timeout: TIMEOUT_MS,
          env: { ...process.env, npm_config_cache: join(folder, 'cache') },
        },
      );
      return performance.now() - began;
    };
    const [coldMs, warmMs] = [await start(), await start()];
    return {
      packedBytes: packed.size,
      unpackedBytes: packed.unpackedSize,
      files: packed.entryCount,
      ...dependencies(),
      coldMs,
      warmMs,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The output of `npm pack --json`. */
interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly entryCount: number;
}

interface Locked {
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly peer?: boolean;
  readonly optional?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
}

function dependencies(): Pick<PackResult, 'dependencies' | 'installed'> {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, Locked>>;
  };
  const { '': own, ...others } = packages;
  const installed = Object.values(others).filter(({ dev, devOptional, peer, optional }) => {
    return dev !== true && devOptional !== true && peer !== true && optional !== true;
  });
  return { dependencies: Object.keys(own?.dependencies ?? {}).length, installed: installed.length };
}
