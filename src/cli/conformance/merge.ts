import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ArgumentsCamelCase, Argv } from 'yargs';
import { matrixOf, worstOutcome, type Matrix } from '../../conformance/merge/matrix.ts';
import { MATRIX_FORMATS } from '../../conformance/merge/formats/formats.ts';
import { matrixText } from '../../conformance/merge/formats/text.ts';
import { mergeRuns } from '../../conformance/merge/merge.ts';
import { readRun } from '../../conformance/merge/read-run.ts';
import type { Filed } from '../../conformance/merge/runs.ts';
import { LONGEST_REPORT } from '../../conformance/report/diff/read-report.ts';
import { EXIT_CODES } from '../../conformance/report/report.ts';
import { writeText, type ReportTarget } from '../../conformance/report/write.ts';
import { unreadable, UserError } from '../../runtime/errors.ts';
import { listed } from '../../runtime/text/listed.ts';
import { utf8Of } from '../../runtime/text/utf8.ts';
import { columnsOf, paintFor } from '../../runtime/text/screen.ts';
import { readAll, withFlags } from '../flag.ts';
import { print, say } from '../terminal.ts';
import { JUDGING } from './flags.ts';
import { finishRun, prepareOutput } from './output.ts';

const FLAGS = { report: JUDGING.report };
const MOST_FILES = 1000;
const USUAL_COLUMNS = 100;

interface MergeArguments {
  readonly files?: readonly string[] | undefined;
}

/** Adds the flags of `conformance merge`. */
export function mergeFlags(argv: Argv): Argv<MergeArguments> {
  const withFiles = argv
    .usage(
      [
        '$0 conformance merge FILE… [--report FORMAT:FILE]',
        '',
        'Puts the reports of parts of a run (--shard, --report json:FILE) together into the report of the whole run. A part that',
        'is missing makes the run incomplete. Reports on different subjects become a matrix of subjects and requirements: as json,',
        'html, markdown, text or badge.',
        '',
        'Exit code: that of the run, or the highest of several in the order 5, 4, 1, 3; 2 for files that are not of one run.',
      ].join('\n'),
    )
    .positional('files', { type: 'string', array: true, describe: 'Reports (.json), or folders with them' });
  return withFlags(withFiles, FLAGS)
    .example('$0 conformance merge shard-*.json --report html:report.html', 'The parts of a run')
    .example(
      '$0 conformance merge staging.json live.json --report html:matrix.html',
      'Two subjects side by side',
    );
}

/** Puts reports together, prints and writes the result, and sets the exit code. */
export function conformanceMerge(given: ArgumentsCamelCase<MergeArguments>): void {
  const { report: reports } = readAll(FLAGS, given);
  const merged = mergeRuns(filesOf(given.files ?? []));
  const [first, ...others] = merged;
  if (first === undefined) throw new UserError('expected a report', { command: 'conformance merge' });
  const output = { reports, traces: undefined, counterexamples: undefined };
  if (others.length === 0) {
    prepareOutput(output);
    finishRun({ ...first, counterexamples: [] }, output);
    return;
  }
  for (const { format } of reports) {
    if (MATRIX_FORMATS[format] !== undefined) continue;
    throw new UserError(
      `${format} is for one run, and these are reports on ${merged.length} subjects; expected ${listed(Object.keys(MATRIX_FORMATS))}`,
      { flag: 'report' },
    );
  }
  prepareOutput(output);
  const all = merged.map(({ report }) => report);
  finishMatrix(matrixOf(all), reports);
  process.exitCode = EXIT_CODES[worstOutcome(all)];
}

function finishMatrix(matrix: Matrix, reports: readonly ReportTarget[]): void {
  const toStdout = reports.some(({ file }) => file === '-');
  const stream = toStdout ? process.stderr : process.stdout;
  const columns = columnsOf(stream, process.env, USUAL_COLUMNS);
  const text = matrixText(matrix, { paint: paintFor(stream, process.env), columns });
  (toStdout ? say : print)(text.trimEnd());
  for (const { format, file } of reports) {
    writeText(file, MATRIX_FORMATS[format]?.(matrix) ?? '', {
      print: (each) => print(each.trimEnd()),
      stepSummary: process.env['GITHUB_STEP_SUMMARY'],
    });
  }
}

/**
 * Reads the reports.
 *
 * @throws UserError
 */
function filesOf(paths: readonly string[]): readonly Filed[] {
  const files = paths.flatMap(reportsIn);
  if (files.length > MOST_FILES) {
    throw new UserError(`expected at most ${MOST_FILES} reports, got ${files.length}`, {
      command: 'conformance merge',
    });
  }
  const seen = new Set<string>();
  return files.map((file) => {
    if (seen.has(resolve(file))) throw new UserError('is given twice', { file });
    seen.add(resolve(file));
    return { file, report: readRun(textOf(file), file) };
  });
}

/** The path itself, or the reports in a folder and below it. @throws UserError */
function reportsIn(path: string): readonly string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    const found = readdirSync(path, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.json'))
      .sort();
    if (found.length === 0) throw new UserError('no report (.json) in this folder', { file: path });
    return found.map((name) => join(path, name));
  } catch (error) {
    throw unreadable(path, error);
  }
}

/**
 * Reads a file.
 *
 * @throws UserError
 */
function textOf(file: string): string {
  try {
    const { size } = statSync(file);
    if (size > LONGEST_REPORT) {
      throw new UserError(`it has ${size} bytes; at most ${LONGEST_REPORT} are read`, { file });
    }
    return utf8Of(readFileSync(file), file);
  } catch (error) {
    throw unreadable(file, error);
  }
}
