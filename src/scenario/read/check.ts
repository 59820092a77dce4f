import { DIALECT_NAMES } from '../../protocol/dialects.ts';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { codeOf, systemReason, UserError } from '../../runtime/errors.ts';
import { listed } from '../../runtime/text/listed.ts';
import { SCENARIO_NAME } from '../posted.ts';
import type { ScenarioMistake } from './load.ts';
import { readScenarioFile } from './read-file.ts';
import type { Scenario } from '../scenario.ts';

/** The mistakes of several files. */
export interface Checked {
  readonly fileCount: number;
  /** In the order of the files and their lines. */
  readonly mistakes: readonly ScenarioMistake[];
}

/** No one would write more files than this. */
const MOST_FILES = 10_000;

/**
 * Finds every mistake in scenario files. A folder stands for the files in it, and for those in its folders named after
 * dialects. A missing file and a folder without scenarios are mistakes beside those of the others.
 *
 * @throws UserError for too many files
 */
export async function checkScenarios(paths: readonly string[]): Promise<Checked> {
  // A file that is named twice, such as by its folder, is checked once.
  const found = await Promise.all(paths.map(filesOf));
  const files = [...new Set(found.flatMap((each) => each.files))];
  if (files.length > MOST_FILES) throw new UserError(`more than ${MOST_FILES} scenario files`);
  const mistakes = found.flatMap((each) => each.mistakes);
  const seen = new Map<string, string>();
  for (const path of files) {
    const read = await readScenarioFile(path);
    const own = read.kind === 'mistakes' ? read.mistakes : [...misplaced(read.scenario, seen)];
    mistakes.push(...badName(path), ...own);
  }
  return { fileCount: files.length, mistakes };
}

function* badName(path: string): Generator<ScenarioMistake> {
  const file = basename(path);
  if (SCENARIO_NAME.test(basename(file, extname(file)))) return;
  yield atStart(
    path,
    `the file name "${file}" cannot be selected: expected small letters, digits and single dashes, such as drop-mid-word.yaml`,
  );
}

/** A name stands for one scenario of a dialect. */
function* misplaced({ name, path, file: { dialect } }: Scenario, seen: Map<string, string>) {
  const folder = DIALECT_NAMES.find((other) => other === basename(dirname(path)));
  if (folder !== undefined && folder !== dialect) {
    yield atStart(path, `its dialect is ${dialect}, but it is in the folder ${folder}`);
  }
  const other = seen.get(`${dialect}/${name}`);
  if (other === undefined) seen.set(`${dialect}/${name}`, path);
  else yield atStart(path, `another file has this dialect and name: ${other}`);
}

function atStart(path: string, message: string): ScenarioMistake {
  return { path, line: 1, column: 1, where: '', message };
}

interface Found {
  readonly files: readonly string[];
  readonly mistakes: readonly ScenarioMistake[];
}

async function filesOf(path: string): Promise<Found> {
  // A missing path is read like a file, which reports that it is missing.
  const isFolder = await stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  if (!isFolder) return { files: [path], mistakes: [] };
  try {
    const files = await yamlIn(path, false);
    for (const dialect of DIALECT_NAMES) files.push(...(await yamlIn(join(path, dialect), true)));
    if (files.length > 0) return { files, mistakes: [] };
  } catch (error) {
    return { files: [], mistakes: [atStart(path, `cannot be read: ${systemReason(error)}`)] };
  }
  const nothing = `no scenarios in this folder: expected .yaml files in it, or in a folder in it named ${listed(DIALECT_NAMES)}`;
  return { files: [], mistakes: [atStart(path, nothing)] };
}

async function yamlIn(folder: string, mayBeMissing: boolean): Promise<string[]> {
  try {
    const found = await readdir(folder, { withFileTypes: true });
    const names = found.filter((entry) => entry.isFile() && /\.ya?ml$/i.test(entry.name));
    return names.map((entry) => join(folder, entry.name)).sort();
  } catch (error) {
    if (mayBeMissing && (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR')) return [];
    throw error;
  }
}
