import { readFile, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { codeOf, messageOf } from '../runtime/errors.ts';
import { LONGEST_SCENARIO_BYTES, readScenario, TOO_LONG, type ReadScenario } from './load.ts';

/** Reads a scenario file. That it cannot be read, or is far too long, is a mistake like any other. */
export async function readScenarioFile(path: string): Promise<ReadScenario> {
  const wrong = (message: string): ReadScenario => ({
    kind: 'mistakes',
    mistakes: [{ path, line: 1, column: 1, where: '', message }],
  });
  try {
    const entry = await stat(path);
    // A pipe or a device never ends.
    if (!entry.isFile()) return wrong('cannot be read (it is not a file)');
    if (entry.size > LONGEST_SCENARIO_BYTES) return wrong(TOO_LONG);
    return readScenario(basename(path, extname(path)), path, await readFile(path, 'utf8'));
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return wrong(`cannot be read (${codeOf(error) ?? messageOf(error)})`);
  }
}
