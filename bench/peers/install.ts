import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { PACKAGES, type PeerName } from './packages.ts';

const run = promisify(execFile);

/** Installing from the registry over a slow line. */
const TIMEOUT_MS = 300_000;
const TOLD_CHARACTERS = 500;

/** Installs a peer into a new folder of its own, from the npm registry, without running any of its scripts. */
export async function install(peer: PeerName, folder: string): Promise<void> {
  const { name, version } = PACKAGES[peer];
  mkdirSync(folder);
  // With a package.json there, npm does not look in parent folders for one to install into.
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  const flags = ['--ignore-scripts', '--no-package-lock', '--no-audit', '--no-fund', '--save=false'];
  try {
    await run('npm', ['install', '--prefix', folder, ...flags, `${name}@${version}`], {
      cwd: folder,
      timeout: TIMEOUT_MS,
      maxBuffer: 2 ** 26,
    });
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    const reason = (stderr.trim() === '' ? String(error) : stderr).slice(0, TOLD_CHARACTERS);
    throw new Error(`${name}@${version} could not be installed: ${reason}`, { cause: error });
  }
}

/** The file behind a command of an installed peer. */
export function binOf(folder: string, peer: PeerName, command: string): string {
  const own = join(folder, 'node_modules', PACKAGES[peer].name);
  const { bin = {} } = JSON.parse(readFileSync(join(own, 'package.json'), 'utf8')) as {
    readonly bin?: Readonly<Record<string, string>>;
  };
  const path = bin[command];
  if (path === undefined) throw new Error(`${PACKAGES[peer].name} has no command ${command}`);
  return resolve(own, path);
}
