import { readdir, readFile, stat } from 'node:fs/promises';
import { codeOf, unreadable, UserError } from '../../runtime/errors.ts';
import { withoutTrailing } from '../../runtime/trailing.ts';

/** The maximum number of transcripts or recordings that are read from one folder. */
const MOST_FILES = 500;
/** Limits the files and folders that are searched, in case a folder such as the home folder was given by mistake. */
const MOST_ENTRIES = 2_000;
const MOST_BYTES = 2 ** 20;

/**
 * The files in a folder and its subfolders that are wanted, sorted, so that the result does not depend on the file
 * system. Links are not followed, because they may form cycles.
 *
 * @param mayBeMissing whether a missing folder counts as empty
 * @param counted which of the files count towards MOST_FILES, and what they are called in the error
 * @throws UserError for a folder that cannot be read, and for one with too many files in it
 */
export async function filesIn(
  root: string,
  mayBeMissing: boolean,
  isWanted: (name: string) => boolean,
  counted: { readonly are: string; readonly is: (path: string) => boolean },
): Promise<readonly string[]> {
  const files: string[] = [];
  const folders = [withoutTrailing(root, '/\\')];
  let entryCount = 0;
  let fileCount = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    let entries;
    try {
      entries = await readdir(folder, { withFileTypes: true });
    } catch (error) {
      if (mayBeMissing && codeOf(error) === 'ENOENT') return [];
      throw unreadable(folder, error);
    }
    entryCount += entries.length;
    for (const entry of entries) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isFile() && isWanted(entry.name)) {
        files.push(path);
        if (counted.is(path)) fileCount += 1;
      }
    }
    if (fileCount > MOST_FILES || entryCount > MOST_ENTRIES) {
      throw new UserError(`more than ${MOST_FILES} ${counted.are} or ${MOST_ENTRIES} files in this folder`, {
        file: root,
      });
    }
  }
  return files.sort();
}

/**
 * The bytes of a transcript.
 *
 * @throws UserError for a file that cannot be read or has more than 1 MiB
 */
export async function readTranscriptFile(path: string): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size > MOST_BYTES) {
      throw new UserError(`it has ${size} bytes; at most ${MOST_BYTES} are read`, { file: path });
    }
    return await readFile(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}
