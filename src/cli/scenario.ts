import { DIALECT_NAMES, type Dialect } from '../protocol/dialects.ts';
import { readFile } from 'node:fs/promises';
import { isAbsolute, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Argv } from 'yargs';
import { closest, suggestion } from '../runtime/text/closest.ts';
import { UserError } from '../runtime/errors.ts';
import { listed } from '../runtime/text/listed.ts';
import { plainJson, visible } from '../runtime/text/plain.ts';
import { bundledFiles, openCatalog, type Catalog } from '../scenario/catalog.ts';
import { checkScenarios, type Checked } from '../scenario/read/check.ts';
import { describeMistake, LONGEST_SCENARIO_BYTES } from '../scenario/read/load.ts';
import { readScenarioBytes } from '../scenario/read/read-file.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { jsonSchema } from '../scenario/schema/json-schema.ts';
import { asTexts, many, one, readAll, toggle, withFlags, type ValuesOf } from './flag.ts';
import { STANDARD_INPUT } from './start/standard-input.ts';
import { listColumns, paint, print, say } from './terminal.ts';
import { table } from './table.ts';
import { asChoice } from './values.ts';

const NO_PATHS: string[] = [];

/** Flags that choose scenarios. */
const WHICH = {
  dialect: one(`Only ${listed(DIALECT_NAMES)}`, asChoice(DIALECT_NAMES)),
  scenarios: many('A folder with more scenarios; repeatable', asTexts, { array: true }),
};

const LIST = { ...WHICH, json: toggle('One JSON object per line') };

/** The exit code for a file with mistakes. */
const WRONG_FILE = 2;
const WIDEST_COLUMNS = 100;

/** `understudy scenario …`: commands about scenario files. */
export function scenarioCommands(argv: Argv): Argv {
  return argv
    .command(
      'validate [path..]',
      'List every mistake in scenario files',
      (command) =>
        command
          .positional('path', {
            type: 'string',
            array: true,
            default: NO_PATHS,
            defaultDescription: 'the bundled scenarios',
            describe: 'Files, or folders with files in them; - alone reads standard input',
          })
          .example('$0 scenario validate', 'The bundled scenarios')
          .example('$0 scenario validate my-scenario.yaml my-scenarios/', 'A file and a folder'),
      ({ path }) => validate(path),
    )
    .command(
      'list',
      'List the scenarios that can be selected',
      (command) =>
        withFlags(command, LIST)
          .example('$0 scenario list --dialect reson8', 'Those for Reson8')
          .example('$0 scenario list --scenarios my-scenarios', 'Also those of a folder'),
      (given) => list(readAll(LIST, given)),
    )
    .command(
      'show <name>',
      'Print the file of a scenario',
      (command) =>
        withFlags(command, WHICH)
          .positional('name', {
            type: 'string',
            demandOption: true,
            describe: 'Its name, such as scriptix/happy-path, or happy-path with --dialect',
          })
          .example('$0 scenario show happy-path --dialect scriptix', 'Copy it and change the copy'),
      ({ name, ...given }) => show(readAll(WHICH, given), name),
    )
    .command(
      'schema',
      'Print the JSON Schema of scenario files, for editors',
      (command) => command.example('$0 scenario schema > schema.json', 'Save it beside your own scenarios'),
      () => print(schemaText()),
    )
    .demandCommand(1, 'Name a command: scenario validate, list, show or schema.')
    .example('$0 scenario list', 'What can be selected')
    .example('$0 scenario validate my-scenario.yaml', 'What is wrong with a file');
}

/** The JSON Schema as in scenarios/schema.json. */
export function schemaText(): string {
  return JSON.stringify(jsonSchema(), null, 2);
}

function dialectsOf(dialect: Dialect | undefined): readonly Dialect[] {
  return dialect === undefined ? [...DIALECT_NAMES].sort() : [dialect];
}

async function checkInput(): Promise<Checked> {
  const pieces: Buffer[] = [];
  let byteCount = 0;
  // Without an encoding, standard input yields buffers, although its types do not say so.
  for await (const piece of process.stdin as AsyncIterable<Buffer>) {
    pieces.push(piece);
    byteCount += piece.length;
    // Longer input is refused, so the rest does not matter.
    if (byteCount > LONGEST_SCENARIO_BYTES) break;
  }
  const read = readScenarioBytes('standard-input', 'standard input', Buffer.concat(pieces));
  return { fileCount: 1, mistakes: read.kind === 'mistakes' ? read.mistakes : [] };
}

async function validate(paths: readonly string[]): Promise<void> {
  const bundled = async () => (await bundledFiles()).map(({ path }) => path);
  const { fileCount, mistakes } =
    paths.length === 1 && paths[0] === STANDARD_INPUT
      ? await checkInput()
      : await checkScenarios(paths.length === 0 ? await bundled() : paths);
  for (const mistake of mistakes) print(visible(describeMistake(mistake)));
  const files = `${fileCount} ${fileCount === 1 ? 'file' : 'files'}`;
  const found = mistakes.length === 0 ? 'no' : String(mistakes.length);
  say(`Checked ${files}: ${found} ${mistakes.length === 1 ? 'mistake' : 'mistakes'}.`);
  if (mistakes.length > 0) process.exitCode = WRONG_FILE;
}

async function list({ dialect, scenarios: folders, json }: ValuesOf<typeof LIST>): Promise<void> {
  const catalog = await openCatalog(folders);
  const scenarios: Scenario[] = [];
  for (const each of dialectsOf(dialect)) {
    for (const name of catalog.names(each)) scenarios.push(await catalog.load(each, name));
  }
  if (json) {
    for (const { name, file } of scenarios) {
      print(plainJson({ name, dialect: file.dialect, summary: file.summary }));
    }
    return;
  }
  const rows = scenarios.map(({ name, file }) => [name, file.dialect, visible(file.summary)]);
  const columns = listColumns(WIDEST_COLUMNS);
  for (const line of table(rows, columns, [
    (name) => paint('bold', name),
    (dialect) => paint('dim', dialect),
  ])) {
    print(line);
  }
}

async function show(given: ValuesOf<typeof WHICH>, asked: string): Promise<void> {
  // As other commands name one: scriptix/happy-path.
  const own = DIALECT_NAMES.find((dialect) => asked.startsWith(`${dialect}/`));
  const isElsewhere = own !== undefined && given.dialect !== undefined && given.dialect !== own;
  if (isElsewhere) throw new UserError(`it is of ${own}`, { flag: 'dialect', value: given.dialect });
  const name = own === undefined ? asked : asked.slice(own.length + 1);
  const dialects = dialectsOf(own ?? given.dialect);
  const catalog = await openCatalog(given.scenarios);
  const found = dialects.filter((dialect) => catalog.has(dialect, name));
  const [dialect] = found;
  if (dialect === undefined) throw new UserError(noSuch(catalog, dialects, name));
  if (found.length > 1) {
    throw new UserError(
      `There is a scenario "${name}" for each of ${listed(found, 'and')}: say which one with --dialect`,
    );
  }
  const { path } = await catalog.load(dialect, name);
  const text = await readFile(path, 'utf8');
  print(text.replace(RELATIVE_SCHEMA, `$1${placeOfSchema()}`).trimEnd());
}

/** The line with the schema in a bundled file, which is valid only in its folder. */
const RELATIVE_SCHEMA = /^(# yaml-language-server: \$schema=)\.\.\S*/m;

/** Where an editor finds the schema for a file in the current folder: a path below it, or anywhere on this machine. */
function placeOfSchema(): string {
  const schema = fileURLToPath(new URL('../../scenarios/schema.json', import.meta.url));
  const path = relative(process.cwd(), schema);
  return path.startsWith('..') || isAbsolute(path)
    ? pathToFileURL(schema).href
    : `./${path.replaceAll('\\', '/')}`;
}

function noSuch(catalog: Catalog, dialects: readonly Dialect[], name: string): string {
  const names = [...new Set(dialects.flatMap((dialect) => catalog.names(dialect)))];
  const meant = closest(name, names);
  const hint = suggestion(meant) ?? '';
  const [only] = dialects;
  const whose = dialects.length === 1 && only !== undefined ? ` for ${only}` : '';
  return `There is no scenario "${name.slice(0, 100)}"${whose}${hint}\nTry: understudy scenario list`;
}
