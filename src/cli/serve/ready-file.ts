import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { codeOf, messageOf, UserError } from '../../runtime/errors.ts';

export interface ReadyFile {
  /** Writes the line, so that a reader who finds the file finds all of it. @throws UserError */
  readonly write: (line: string) => void;
  /** Removes it: what it says is over. */
  remove(): void;
}

/**
 * A file that is there while a server listens. One of an earlier process is removed.
 *
 * @throws UserError when no file can be written there
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
    throw new UserError(`cannot be written (${code ?? messageOf(error)})`, {
      flag: 'ready-file',
      value: path,
      code,
    });
  }
}
