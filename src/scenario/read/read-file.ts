import { readFile, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { codeOf, systemReason } from '../../runtime/errors.ts';
import { decodeUtf8 } from '../../runtime/text/utf8.ts';
import { LONGEST_SCENARIO_BYTES, readScenario, TOO_LONG, type ReadScenario } from './load.ts';

/** Reads a scenario file. A file that cannot be read, or is far too long, is reported like any other mistake. */
export async function readScenarioFile(path: string): Promise<ReadScenario> {
  const wrong = (message: string) => mistake(path, message);
  try {
    const entry = await stat(path);
    // A pipe or a device never ends.
    if (!entry.isFile()) return wrong('cannot be read: it is not a file');
    if (entry.size > LONGEST_SCENARIO_BYTES) return wrong(TOO_LONG);
    return readScenarioBytes(basename(path, extname(path)), path, await readFile(path));
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return wrong(`cannot be read: ${systemReason(error)}`);
  }
}

/** Reads the bytes of a scenario file from any source. */
export function readScenarioBytes(name: string, path: string, bytes: Uint8Array): ReadScenario {
  if (bytes.length > LONGEST_SCENARIO_BYTES) return mistake(path, TOO_LONG);
  const found = decodeUtf8(bytes);
  return 'text' in found
    ? readScenario(name, path, found.text)
    : mistake(path, found.fault, found.line, found.column);
}

function mistake(path: string, message: string, line = 1, column = 1): ReadScenario {
  return { kind: 'mistakes', mistakes: [{ path, line, column, where: '', message }] };
}
