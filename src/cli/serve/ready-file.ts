import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { codeOf, systemReason, UserError } from '../../runtime/errors.ts';

/** The file of `--ready-file`. */
export interface ReadyFile {
  /**
   * Writes the line in such a way that a reader who finds the file finds the whole line.
   *
   * @throws UserError
   */
  readonly write: (line: string) => void;
  /** Removes the file, since the server no longer listens. */
  remove(): void;
}

/**
 * A file that exists while a server listens. One left by an earlier process is removed.
 *
 * @throws UserError if no file can be written there
 */
export function readyFile(path: string): ReadyFile {
  refuseOther(path);
  const beside = `${path}.${process.pid}`;
  const write = (line: string) =>
    orRefuse(path, () => {
      writeFileSync(beside, line);
      renameSync(beside, path);
    });
  const remove = () => orRefuse(path, () => rmSync(path, { force: true }));
  write('');
  remove();
  return { write, remove };
}

/** A pipe or a device, such as /dev/stdout, must be neither replaced nor removed. A folder is refused by the system. */
function refuseOther(path: string): void {
  const found = orRefuse(path, () => statSync(path, { throwIfNoEntry: false }));
  if (found === undefined || found.isFile() || found.isDirectory()) return;
  throw new UserError('is a pipe, a socket or a device, expected a file', {
    flag: 'ready-file',
    value: path,
  });
}

function orRefuse<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = codeOf(error);
    throw new UserError(`cannot be written: ${systemReason(error)}`, {
      flag: 'ready-file',
      value: path,
      code,
    });
  }
}
