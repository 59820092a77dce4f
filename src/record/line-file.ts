import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { codeOf, systemReason, UserError } from '../runtime/errors.ts';

/** A file to which lines are appended. */
export interface LineFile {
  /** Passes a line to the operating system before it returns. @throws UserError if the disk refuses it. */
  readonly write: (line: string) => void;
  close(): void;
}

/**
 * Creates a file to which lines are added.
 *
 * @throws UserError if the file exists and must not be replaced, or cannot be created
 */
export function createLineFile(path: string, replace: boolean): LineFile {
  const file = open(path, replace);
  let isOpen = true;
  return {
    write(line) {
      const bytes = Buffer.from(line);
      try {
        // A disk that is nearly full takes only part of it.
        for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
      } catch (error) {
        throw new UserError(`can no longer be written: ${systemReason(error)}`, {
          flag: 'out',
          value: path,
          code: codeOf(error),
        });
      }
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      try {
        fsyncSync(file);
      } catch {
        // A pipe or a terminal has no disk to wait for.
      }
      closeSync(file);
    },
  };
}

function open(path: string, replace: boolean): number {
  try {
    // It may contain what was said, so no one else may read it.
    return openSync(path, replace ? 'w' : 'wx', 0o600);
  } catch (error) {
    if (codeOf(error) === 'EEXIST')
      throw new UserError('already exists; --force replaces it', { flag: 'out', value: path });
    throw new UserError(`cannot be made: ${systemReason(error)}; expected a path in a folder that exists`, {
      flag: 'out',
      value: path,
      code: codeOf(error),
    });
  }
}
