import { dirname } from 'node:path';
import { LOAD_FORMATS } from '../../load/formats/formats.ts';
import { loadText } from '../../load/formats/text.ts';
import { LOAD_EXIT_CODES, type LoadReport } from '../../load/result.ts';
import { fileTrouble, makeFolder, writeWhole } from '../../runtime/destination.ts';
import { systemReason, UserError } from '../../runtime/errors.ts';
import { keysOf } from '../../runtime/json/fields.ts';
import { closest } from '../../runtime/text/closest.ts';
import { listed } from '../../runtime/text/listed.ts';
import { visible } from '../../runtime/text/plain.ts';
import { paintFor } from '../../runtime/text/screen.ts';
import { print, say } from '../terminal.ts';

const FORMATS = keysOf(LOAD_FORMATS);

/** The destination and format of a report on a load. */
export interface LoadTarget {
  readonly format: (typeof FORMATS)[number];
  /** A path; `-` is standard output. */
  readonly file: string;
}

/** The help of `--report`. */
export const REPORT_DESCRIBED = `FORMAT:FILE; ${listed(FORMATS)}; repeatable`;

/** Reads `FORMAT:FILE`, several of them with commas too. @throws UserError */
export function parseLoadTargets(texts: readonly string[]): readonly LoadTarget[] {
  const taken = new Set<string>();
  return texts
    .flatMap((text) => text.split(/,(?=[a-z]+:)/))
    .map((text) => {
      const [, name = '', file = ''] = /^([^:]*):(.*)$/s.exec(text) ?? [];
      const format = FORMATS.find((each) => each === name);
      if (format === undefined || file === '') {
        const meant = closest(name, FORMATS);
        throw new UserError(
          `expected FORMAT:FILE, FORMAT being ${listed(FORMATS)}, got "${visible(text)}"`,
          meant === undefined || format !== undefined ? {} : { meant: `${meant}:${visible(file || 'FILE')}` },
        );
      }
      if (taken.has(file))
        throw new UserError(`two reports go to ${visible(file)}; expected a file for each`);
      taken.add(file);
      return { format, file };
    });
}

/** Tries where the reports go, before a run that may take long. @throws UserError */
export function prepareLoadTargets(targets: readonly LoadTarget[]): void {
  for (const { file } of targets) {
    if (file === '-') continue;
    try {
      makeFolder(dirname(file));
    } catch (error) {
      throw new UserError(`cannot be written: ${systemReason(error)}`, {
        flag: 'report',
        value: file,
      });
    }
    const trouble = fileTrouble(file);
    if (trouble !== undefined) throw new UserError(trouble, { flag: 'report', value: file });
  }
}

/** A report could not be written: it ranks before what was measured. */
const NOT_WRITTEN = 2;

/** Prints and writes the report, and sets the exit code. */
export function finishLoad(report: LoadReport, targets: readonly LoadTarget[]): void {
  const toStdout = targets.some(({ file }) => file === '-');
  const stream = toStdout ? process.stderr : process.stdout;
  (toStdout ? say : print)(loadText(report, { paint: paintFor(stream, process.env) }).trimEnd());
  let isLost = false;
  for (const { format, file } of targets) {
    const text = LOAD_FORMATS[format](report);
    if (file === '-') {
      print(text.trimEnd());
      continue;
    }
    try {
      writeWhole(file, text);
    } catch (error) {
      say(`--report ${visible(file)}: cannot be written: ${systemReason(error)}`);
      isLost = true;
    }
  }
  process.exitCode = isLost ? NOT_WRITTEN : LOAD_EXIT_CODES[report.outcome];
}
