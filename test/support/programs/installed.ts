import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { PACKAGE, REPOSITORY } from './cli.ts';
import { startable } from './npm.ts';

/** Generous, because it installs from the registry. */
export const INSTALL_MS = 180_000;

const INSTALL = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];

/** A folder in which the package, as `npm publish` would send it, and what it depends on can be used. */
export interface UsablePackage extends AsyncDisposable {
  readonly folder: string;
  /** What is in the package, as paths in it. */
  readonly files: readonly string[];
  /** The text of a file of the package. */
  read(path: string): Promise<string>;
  /** Runs a program in the folder and returns its output; if it fails, the error contains all of it. */
  run(command: string, args: readonly string[]): Promise<string>;
}

/** The folder of a user who has just installed the package and nothing else. */
export interface InstalledPackage extends UsablePackage {
  /** The package as `npm publish` would send it: the path of a `.tgz`. */
  readonly tarball: string;
  /** Installs another package beside it. */
  install(name: string): Promise<string>;
}

/** Installs the package with npm, from the registry. */
export function installPackage(): Promise<InstalledPackage> {
  return packed(async ({ folder, tarball, usable }) => {
    await run('npm', [...INSTALL, tarball], folder);
    return { ...usable, tarball, install: (name) => run('npm', [...INSTALL, name], folder) };
  });
}

/**
 * Unpacks the package and links only its declared dependencies, from this repository. This tests the contents just as well,
 * in a third of the time that npm takes.
 */
export function unpackPackage(): Promise<UsablePackage> {
  return packed(async ({ folder, tarball, usable }) => {
    const modules = join(folder, 'node_modules');
    await mkdir(modules);
    // In its folder, by its name, because some versions of tar mistake the letter of a drive for the name of a host.
    await promisify(execFile)('tar', ['-xzf', basename(tarball)], { cwd: dirname(tarball) });
    await rename(join(dirname(tarball), 'package'), join(modules, 'asr-understudy'));
    const { dependencies } = JSON.parse(await usable.read('package.json')) as { dependencies: object };
    for (const name of Object.keys(dependencies)) {
      const link = join(modules, name);
      await mkdir(dirname(link), { recursive: true });
      // On Windows, a junction is the kind of link that every user may create; other systems have only one kind.
      await symlink(join(REPOSITORY, 'node_modules', name), link, 'junction');
    }
    return usable;
  });
}

interface Packed {
  readonly folder: string;
  readonly tarball: string;
  readonly usable: UsablePackage;
}

async function packed<P extends UsablePackage>(place: (made: Packed) => Promise<P>): Promise<P> {
  const folder = await mkdtemp(join(tmpdir(), 'understudy-package-'));
  const tarballs = await mkdtemp(join(tmpdir(), 'understudy-tarball-'));
  const remove = async () => {
    for (const path of [folder, tarballs]) await rm(path, { recursive: true, force: true });
  };
  try {
    // Without scripts: they would build again, while other tests use the build.
    const packing = ['pack', '--ignore-scripts', '--json', '--pack-destination', tarballs];
    const [made] = JSON.parse(await run('npm', packing, PACKAGE)) as [
      { filename: string; files: { path: string }[] },
    ];
    const usable: UsablePackage = {
      folder,
      files: made.files.map(({ path }) => path).sort(),
      read: (path) => readFile(join(folder, 'node_modules/asr-understudy', path), 'utf8'),
      run: (command, args) => run(command, args, folder),
      [Symbol.asyncDispose]: remove,
    };
    return await place({ folder, tarball: join(tarballs, made.filename), usable });
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

/** Tests are started by npm, whose variables about this package do not apply to the other folder. */
const ENV = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(npm_(package|lifecycle|config_local_prefix)|INIT_CWD)/i.test(name),
  ),
);
