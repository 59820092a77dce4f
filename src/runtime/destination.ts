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
import { codeOf, messageOf } from './errors.ts';

/**
 * Looks whether a folder is there or could be made, and takes files. Makes nothing.
 *
 * @returns what is wrong, to follow its name; undefined when nothing is, as far as can be known before
 */
export function folderTrouble(folder: string): string | undefined {
  return troubleOf('cannot be made', () => inTheWayOf(folder));
}

/**
 * Looks whether a file can be written, with the folders above it. Makes nothing.
 *
 * @returns what is wrong, to follow its name; undefined when nothing is, as far as can be known before
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

/** A disk that cannot take a second file beside the first, as in a container into which one file was mounted. */
const NOT_BESIDE = ['EACCES', 'EPERM', 'EROFS', 'EBUSY'];

export interface WriteWholeOptions {
  /** Permissions of a new file (0o666, less the umask); one that is replaced keeps its own. */
  readonly mode?: number;
  /** Waits until the disk has it (true); not worth the time for many files. */
  readonly flush?: boolean;
}

/**
 * Writes a file with the folders above it: as a whole or not at all, as far as the disk allows it.
 *
 * @throws what Node.js throws
 */
export function writeWhole(
  file: string,
  text: string,
  { mode = 0o666, flush = true }: WriteWholeOptions = {},
): void {
  mkdirSync(dirname(file), { recursive: true });
  const found = statSync(file, { throwIfNoEntry: false });
  // A pipe or a device is not to be replaced by a file.
  if (found !== undefined && !found.isFile()) return writeFileSync(file, text);
  // Nor is a link: what it points to is.
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
    return `${what} (${codeOf(error) ?? messageOf(error)})`;
  }
}

/** @returns undefined where there is nothing, also below a file */
function statOf(path: string): Stats | undefined {
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
    // There is nothing, which is looked at by who asks.
    return false;
  }
}
