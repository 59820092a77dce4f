import { renameSync, rmSync, writeFileSync } from 'node:fs';
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

function orRefuse(path: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    const code = codeOf(error);
    throw new UserError(`cannot be written: ${systemReason(error)}`, {
      flag: 'ready-file',
      value: path,
      code,
    });
  }
}
