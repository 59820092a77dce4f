import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import type { ArgumentsCamelCase, Argv } from 'yargs';
import { unreadable, UserError } from '../../runtime/errors.ts';
import { utf8Of } from '../../runtime/text/utf8.ts';
import { plainJson, visible } from '../../runtime/text/plain.ts';
import type { ShapeInput } from '../../conformance/report/diff/shape.ts';
import { readAll, toggle, withFlags } from '../flag.ts';
import { print, say } from '../terminal.ts';

const FLAGS = { json: toggle('One JSON object instead of text') };

interface DiffArguments {
  readonly a?: string | undefined;
  readonly b?: string | undefined;
}

/** The exit code for a difference. */
const DIFFERENT = 1;

/** Adds the flags of `conformance diff`. */
export function diffFlags(argv: Argv): Argv<DiffArguments> {
  const withPaths = argv
    .usage(
      [
        '$0 conformance diff A B',
        '',
        'Compares two reports (.json), or two recordings: a trace (.ndjson), a HAR file, or a folder of traces.',
        'Reports are compared by the verdicts and readings of what both have decided. Recordings are compared by their shape: statuses,',
        'headers, fields and their types, the order of messages, how connections end. Times and words are not compared.',
        '',
        'Exit code: 0 the same, 1 different, 2 something cannot be read.',
      ].join('\n'),
    )
    .positional('a', { type: 'string', describe: 'Report or recording' })
    .positional('b', { type: 'string', describe: 'The other one, of the same kind' });
  return withFlags(withPaths, FLAGS)
    .example('$0 conformance diff before.json after.json', 'What an update of a service changed')
    .example(
      '$0 conformance diff traces-real/ traces-fake/',
      'What the real service does that the fake does not',
    );
}

/** Compares two reports or recordings, prints the difference, and sets the exit code. */
export async function diff(given: ArgumentsCamelCase<DiffArguments>): Promise<void> {
  const { a = '', b = '' } = given;
  const { json } = readAll(FLAGS, given);
  const sorts = [sortOf(a), sortOf(b)];
  if (sorts[0] !== sorts[1]) {
    throw new UserError(`${a} is a ${sorts[0]} and ${b} a ${sorts[1]}; expected two of the same kind`, {
      command: 'conformance diff',
    });
  }
  const { isSame, text, value } = sorts[0] === 'report' ? await ofReports(a, b) : await ofTraces(a, b);
  print(json ? plainJson(value) : text.trimEnd());
  if (!isSame) process.exitCode = DIFFERENT;
}

interface Compared {
  readonly isSame: boolean;
  readonly text: string;
  readonly value: unknown;
}

// What each of them needs is loaded only when it is used.
async function ofReports(a: string, b: string): Promise<Compared> {
  const [{ diffReports, isSameReport }, { LONGEST_REPORT, readReport }, { reportDiffText }] =
    await Promise.all([
      import('../../conformance/report/diff/diff.ts'),
      import('../../conformance/report/diff/read-report.ts'),
      import('../../conformance/report/diff/diff-text.ts'),
    ]);
  const found = diffReports(readReport(read(a, LONGEST_REPORT), a), readReport(read(b, LONGEST_REPORT), b));
  const isSame = isSameReport(found);
  return { isSame, text: reportDiffText(found, { a, b }), value: { same: isSame, a, b, ...found } };
}

async function ofTraces(a: string, b: string): Promise<Compared> {
  const [{ diffShapes, isSameShape }, { MOST_FACTS, shapesOf }, { shapeDiffText }] = await Promise.all([
    import('../../conformance/report/diff/diff-shapes.ts'),
    import('../../conformance/report/diff/shape.ts'),
    import('../../conformance/report/diff/diff-text.ts'),
  ]);
  const shapes = [];
  for (const path of [a, b]) {
    const found = shapesOf(await readTraces(path));
    if (found.isCut)
      say(`${visible(path)}: has more than ${MOST_FACTS} shapes of a dialect, and only these are compared`);
    shapes.push(found);
  }
  const [ofA, ofB] = shapes;
  if (ofA === undefined || ofB === undefined) throw new Error('two paths give two shapes');
  const dialects = diffShapes(ofA, ofB);
  const isSame = isSameShape(dialects);
  return { isSame, text: shapeDiffText(dialects, { a, b }), value: { same: isSame, a, b, dialects } };
}

function sortOf(path: string): 'report' | 'recording' {
  const stat = attempt(path, () => statSync(path));
  const ending = extname(path).toLowerCase();
  if (stat.isDirectory() || RECORDINGS.includes(ending)) return 'recording';
  if (ending === '.json') return 'report';
  throw new UserError('expected a report (.json), a trace (.ndjson), a HAR file or a folder', { file: path });
}

const RECORDINGS = ['.ndjson', '.har'];
/** The limits for one recording, in bytes, and for a folder: how many, how large together, and how deep. */
const LONGEST_TRACE = 256 * 2 ** 20;
const MOST_FILES = 2000;
const MOST_BYTES = 1024 * 2 ** 20;
const DEEPEST = 5;

async function readTraces(path: string): Promise<readonly ShapeInput[]> {
  const [{ readTrace }, { harToTrace }] = await Promise.all([
    import('../../wire/trace-file.ts'),
    import('../../wire/har/har.ts'),
  ]);
  let bytes = 0;
  return filesOf(path).map((file) => {
    const text = read(file, LONGEST_TRACE);
    bytes += text.length;
    if (bytes > MOST_BYTES)
      throw new UserError(`has more than ${MOST_BYTES} bytes of traces`, { file: path });
    const { events, faults } =
      extname(file).toLowerCase() === '.har'
        ? harToTrace(text, { name: file, audio: false, tool: 'understudy' })
        : readTrace(text, file);
    for (const fault of faults) say(visible(fault));
    return { name: file === path ? file : relative(path, file).split(sep).join('/'), events };
  });
}

function filesOf(path: string): readonly string[] {
  if (!attempt(path, () => statSync(path)).isDirectory()) return [path];
  const files: string[] = [];
  const visit = (folder: string, depth: number): void => {
    const entries = attempt(folder, () => readdirSync(folder, { withFileTypes: true }));
    for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
      const inside = join(folder, entry.name);
      if (entry.isDirectory() && depth < DEEPEST) visit(inside, depth + 1);
      else if (entry.isFile() && RECORDINGS.includes(extname(entry.name).toLowerCase())) files.push(inside);
    }
  };
  visit(path, 1);
  if (files.length === 0)
    throw new UserError('no trace (.ndjson) and no HAR file in this folder', { file: path });
  if (files.length > MOST_FILES) {
    throw new UserError(`has ${files.length} recordings; at most ${MOST_FILES} are read`, { file: path });
  }
  return files;
}

function read(path: string, mostBytes: number): string {
  return attempt(path, () => {
    const { size } = statSync(path);
    if (size > mostBytes)
      throw new UserError(`it has ${size} bytes; at most ${mostBytes} are read`, { file: path });
    return utf8Of(readFileSync(path), path);
  });
}

function attempt<Result>(path: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    throw unreadable(path, error);
  }
}
