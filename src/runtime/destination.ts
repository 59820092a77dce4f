import {
  accessSync,
  constants,
  lstatSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { codeOf, systemReason } from './errors.ts';

/**
 * Checks whether a folder exists or could be created, and accepts files. Creates nothing.
 *
 * @returns what is wrong, to follow its name; undefined if nothing is, as far as can be known in advance
 */
export function folderTrouble(folder: string): string | undefined {
  return troubleOf('cannot be made', () => inTheWayOf(folder));
}

/**
 * Creates a folder, and those above it. Node.js can do so itself (`recursive`), but it never comes to an end where the
 * system lets no one create folders, as in /proc.
 *
 * @throws what Node.js throws
 */
export function makeFolder(folder: string): void {
  const path = resolve(folder);
  if (statOf(path)?.isDirectory() === true) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have been faster.
    if (codeOf(error) !== 'EEXIST' || statOf(path)?.isDirectory() !== true) throw error;
  }
}

/**
 * Checks whether a file can be written, with the folders above it. Creates nothing.
 *
 * @returns what is wrong, to follow its name; undefined if nothing is, as far as can be known in advance
 */
export function fileTrouble(file: string): string | undefined {
  return troubleOf('cannot be written', () => {
    const found = statOf(file);
    if (found === undefined) return inTheWayOf(dirname(resolve(file)));
    if (found.isDirectory()) return 'it is a folder, expected a file';
    // A file can be replaced in its folder; a pipe or a device is written to.
    if (found.isFile() && folderTrouble(dirname(realpathSync(file))) === undefined) return undefined;
    accessSync(file, constants.W_OK);
    return undefined;
  });
}

/** @throws what Node.js throws */
function inTheWayOf(folder: string): string | undefined {
  let nearest = resolve(folder);
  let found = statOf(nearest);
  while (found === undefined && dirname(nearest) !== nearest) {
    if (isLink(nearest)) return `${nearest} is a link to nothing`;
    nearest = dirname(nearest);
    found = statOf(nearest);
  }
  if (found?.isDirectory() !== true) return `${nearest} is a file, expected a folder`;
  accessSync(nearest, constants.W_OK | constants.X_OK);
  return undefined;
}

/**
 * Errors of a disk that cannot hold a second file beside the first, as in a container into which a single file was
 * mounted.
 */
const NOT_BESIDE = ['EACCES', 'EPERM', 'EROFS', 'EBUSY'];

/** How a file is written. */
export interface WriteWholeOptions {
  /** Permissions of a new file (0o666, less the umask); a replaced file keeps its own. */
  readonly mode?: number;
  /** Waits until the disk has the data (true); this takes too long for many files. */
  readonly flush?: boolean;
}

/**
 * Writes a file with the folders above it, completely or not at all, as far as the disk allows.
 *
 * @throws what Node.js throws
 */
export function writeWhole(
  file: string,
  text: string,
  { mode = 0o666, flush = true }: WriteWholeOptions = {},
): void {
  makeFolder(dirname(file));
  const found = statOf(file);
  // A pipe or a device must not be replaced by a file.
  if (found !== undefined && !found.isFile()) return writeFileSync(file, text);
  // Nor must a link, but only its target.
  const target = found === undefined ? file : realpathSync(file);
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, text, { flag: 'wx', flush, mode: found?.mode ?? mode });
    renameSync(temporary, target);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') rmSync(temporary, { force: true });
    if (found === undefined || !NOT_BESIDE.includes(codeOf(error) ?? '')) throw error;
    writeFileSync(target, text);
  }
}

function troubleOf(what: string, look: () => string | undefined): string | undefined {
  try {
    const found = look();
    return found === undefined ? undefined : `${what}: ${found}`;
  } catch (error) {
    return `${what}: ${systemReason(error)}`;
  }
}

/** @returns undefined if there is nothing, also below a file, which Node.js 20 reports as an error in any case */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return undefined;
    throw error;
  }
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    // There is nothing, which the caller handles.
    return false;
  }
}
