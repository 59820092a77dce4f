import { DIALECT_NAMES, type Dialect } from '../protocol/dialects.ts';
import { existsSync, readdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closest, suggestion } from '../runtime/text/closest.ts';
import { codeOf, type Mistake, systemReason, UserError } from '../runtime/errors.ts';
import { PostedScenarios, SCENARIO_NAME } from './posted.ts';
import type { ReplayMode } from './replay/mode.ts';
import type { Scenario } from './scenario.ts';

/** The scenarios that are available by name. A bundled one is read when it is first needed. */
export interface Catalog {
  /** In alphabetical order. */
  names(dialect: Dialect): readonly string[];
  has(dialect: Dialect, name: string): boolean;
  /**
   * Reads a scenario.
   *
   * @throws UserError for an unknown name, with a suggestion, and for a file with mistakes.
   */
  load(dialect: Dialect, name: string): Promise<Scenario>;
  /**
   * Reads a file and adds its scenarios, replacing those of the same name: one scenario from a YAML file, one for each
   * dialect from a trace. @throws UserError with all its mistakes.
   */
  add(path: string): Promise<readonly Scenario[]>;
  /** The scenarios that were added to a running server; they take precedence. */
  readonly posted: PostedScenarios;
}

/** Two folders up, in the sources as in the build. */
const BUNDLED = new URL('../../scenarios/', import.meta.url);
const FILE_NAME = /^(.*)\.ya?ml$/;
const MOST_FILES = 1000;

/**
 * The bundled scenarios and those of the given folders. Links are not followed, and a name never leads to a file
 * outside these folders.
 *
 * @param folders more folders, with files in them or in folders named after dialects.
 * @param replay how a recording is played
 * @param onNote is called with what the replay of a recording leaves out or replaces
 * @throws UserError with every mistake of every file in `folders`, or for a folder that cannot be read.
 */
export async function openCatalog(
  folders: readonly string[] = [],
  replay: ReplayMode = 'timed',
  onNote: (path: string, note: string) => void = () => undefined,
): Promise<Catalog> {
  const known = new Map(DIALECT_NAMES.map((dialect) => [dialect, new Map<string, Promise<Scenario>>()]));
  const of = (dialect: Dialect) => known.get(dialect) ?? new Map<string, Promise<Scenario>>();
  const posted = new PostedScenarios();
  const readRecording = async (path: string): Promise<readonly Scenario[]> => {
    const { readReplay } = await import('./replay/replay.ts');
    const { files, notes } = await readReplay(path, replay);
    for (const note of notes) onNote(path, note);
    return files.map((file) => ({ name: basename(path, '.ndjson'), path, file }));
  };
  const catalog: Catalog = {
    posted,
    names: (dialect) =>
      [...new Set([...bundledNames(dialect), ...of(dialect).keys(), ...posted.names(dialect)])].sort(),
    has: (dialect, name) =>
      posted.get(dialect, name) !== undefined ||
      of(dialect).has(name) ||
      bundledPath(dialect, name) !== undefined,
    async load(dialect, name) {
      const given = posted.get(dialect, name);
      if (given !== undefined) return given;
      const path = bundledPath(dialect, name);
      const scenario = of(dialect).get(name) ?? (path === undefined ? undefined : readFileAs(path));
      if (scenario === undefined) throw new UserError(noScenario(dialect, name, catalog));
      of(dialect).set(name, scenario);
      return scenario;
    },
    async add(path) {
      const read = path.endsWith('.ndjson') ? await readRecording(path) : [await readFileAs(path)];
      for (const scenario of read) {
        of(scenario.file.dialect).set(scenario.name, Promise.resolve(scenario));
      }
      return read;
    },
  };
  await addFolders(catalog, folders);
  return catalog;
}

/** A single name, as in every connection, is a single file; listing all of them would take too long at startup. */
function bundledPath(dialect: Dialect, name: string): string | undefined {
  if (!SCENARIO_NAME.test(name)) return undefined;
  const path = fileURLToPath(new URL(`${dialect}/${name}.yaml`, BUNDLED));
  return existsSync(path) ? path : undefined;
}

function bundledNames(dialect: Dialect): readonly string[] {
  const folder = new URL(`${dialect}/`, BUNDLED);
  // There are no files beside the program when it is bundled into one file.
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((file) => FILE_NAME.exec(file)?.[1] ?? []);
}

async function addFolders(catalog: Catalog, folders: readonly string[]): Promise<void> {
  const wrong: Mistake[] = [];
  for (const folder of folders) {
    for (const { path } of await scenarioFiles(folder)) {
      await catalog.add(path).catch((error: unknown) => {
        if (!(error instanceof UserError)) throw error;
        wrong.push(...error.mistakes);
      });
    }
  }
  if (wrong.length > 0) throw new UserError(wrong);
}

/** The scenario files of a folder, and of the folders in it that are named after dialects. */
async function scenarioFiles(folder: string): Promise<readonly { name: string; path: string }[]> {
  const files = [...(await filesIn(folder, false))];
  for (const dialect of DIALECT_NAMES) files.push(...(await filesIn(join(folder, dialect), true)));
  return files;
}

/** The bundled scenario files. */
export async function bundledFiles(): Promise<readonly { name: string; path: string }[]> {
  return scenarioFiles(fileURLToPath(BUNDLED));
}

/** The bundled files with only a client: the probes that the runner plays against a server. */
export async function probeFiles(): Promise<readonly { name: string; path: string }[]> {
  return scenarioFiles(fileURLToPath(new URL('probes/', BUNDLED)));
}

/** Reads one file. @throws UserError with all its mistakes, one per line. */
export async function readFileAs(path: string): Promise<Scenario> {
  // Imported only when needed, because the schema takes a while to load.
  const [{ mistakeOf }, { readScenarioFile }] = await Promise.all([
    import('./read/load.ts'),
    import('./read/read-file.ts'),
  ]);
  const read = await readScenarioFile(path);
  if (read.kind === 'scenario') return read.scenario;
  throw new UserError(read.mistakes.map(mistakeOf));
}

async function filesIn(folder: string, mayBeMissing: boolean): Promise<{ name: string; path: string }[]> {
  let found;
  try {
    found = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (mayBeMissing && (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR')) return [];
    throw new UserError(`cannot read this folder of scenarios: ${systemReason(error)}`, {
      file: folder,
      code: codeOf(error),
    });
  }
  const files = found.flatMap((entry) => {
    const name = FILE_NAME.exec(entry.name)?.[1];
    return entry.isFile() && name !== undefined && SCENARIO_NAME.test(name)
      ? [{ name, path: resolve(folder, entry.name) }]
      : [];
  });
  if (files.length > MOST_FILES)
    throw new UserError(`more than ${MOST_FILES} scenarios in this folder`, { file: folder });
  return files.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The error for a name that no scenario of a dialect has, with a suggestion. */
export function noScenario(dialect: Dialect, name: string, catalog: Pick<Catalog, 'names'>): string {
  const hint = suggestion(closest(name, catalog.names(dialect))) ?? '';
  return `there is no scenario "${name.slice(0, 100)}" for ${dialect}${hint} (understudy scenario list --dialect ${dialect})`;
}
