import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PACKAGE } from './cli.ts';
import { startable } from './npm.ts';

/** Generous: it installs from the registry. */
export const INSTALL_MS = 180_000;

const INSTALL = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];

/** The folder of someone who has just installed the package and nothing else. */
export interface InstalledPackage extends AsyncDisposable {
  readonly folder: string;
  /** The package as `npm publish` would send it: the path of a `.tgz`. */
  readonly tarball: string;
  /** What is in the package, as paths in it. */
  readonly files: readonly string[];
  /** The text of a file of the package. */
  read(path: string): Promise<string>;
  /** Runs a program in the folder and returns what it wrote; when it fails, the error has all that it said. */
  run(command: string, args: readonly string[]): Promise<string>;
  /** Installs another package beside it. */
  install(name: string): Promise<string>;
}

export async function installPackage(): Promise<InstalledPackage> {
  const folder = await mkdtemp(join(tmpdir(), 'understudy-package-'));
  const tarballs = await mkdtemp(join(tmpdir(), 'understudy-tarball-'));
  const remove = async () => {
    for (const path of [folder, tarballs]) await rm(path, { recursive: true, force: true });
  };
  try {
    // Without scripts: they would build again, while other tests use the build.
    const packing = ['pack', '--ignore-scripts', '--json', '--pack-destination', tarballs];
    const [packed] = JSON.parse(await run('npm', packing, PACKAGE)) as [
      { filename: string; files: { path: string }[] },
    ];
    const tarball = join(tarballs, packed.filename);
    await run('npm', [...INSTALL, tarball], folder);
    return {
      folder,
      tarball,
      files: packed.files.map(({ path }) => path).sort(),
      read: (path) => readFile(join(folder, 'node_modules/asr-understudy', path), 'utf8'),
      run: (command, args) => run(command, args, folder),
      install: (name) => run('npm', [...INSTALL, name], folder),
      [Symbol.asyncDispose]: remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(...startable(command, args), { cwd, env: ENV });
    return stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(' ')} failed\n${stdout ?? ''}${stderr ?? ''}`, { cause: error });
  }
}

/** Tests are started by npm, and what it tells its scripts about this package is not true of the other folder. */
const ENV = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(npm_(package|lifecycle|config_local_prefix)|INIT_CWD)/i.test(name),
  ),
);
