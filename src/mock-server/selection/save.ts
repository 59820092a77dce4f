import { lstat, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, systemReason, UserError } from '../../runtime/errors.ts';
import { LONGEST_SCENARIO_NAME, SCENARIO_NAME } from '../../scenario/posted.ts';

/** Names of devices on Windows, with any ending. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)$/;

/** Whether a scenario of this name can be saved as a file: the name never leads out of its folder. */
export function isFileName(name: string): boolean {
  return SCENARIO_NAME.test(name) && name.length <= LONGEST_SCENARIO_NAME && !DEVICE.test(name);
}

/**
 * Writes a scenario to a folder, and returns its path; undefined if there is one that must not be replaced.
 *
 * @throws UserError if it cannot be written
 */
export async function writeScenario(
  folder: string,
  name: string,
  text: string,
  replaces: boolean,
): Promise<string | undefined> {
  if (!isFileName(name)) throw new UserError('the name cannot be that of a file', { option: 'name' });
  const path = join(folder, `${name}.yaml`);
  try {
    if (!replaces) await writeFile(path, text, { flag: 'wx' });
    else await replace(path, text);
    return path;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return undefined;
    if (error instanceof UserError) throw error;
    throw new UserError(`cannot be written: ${systemReason(error)}`, { file: `${name}.yaml` });
  }
}

/** Writes everything at once, so that no one reads half of it; a link is not followed. */
async function replace(path: string, text: string): Promise<void> {
  const before = await lstat(path).catch(() => undefined);
  if (before !== undefined && !before.isFile())
    throw new UserError('is not a file, so it is not replaced', { file: path });
  const part = `${path}.part`;
  try {
    await writeFile(part, text, { flag: 'wx' });
    await rename(part, path);
  } finally {
    await rm(part, { force: true });
  }
}
