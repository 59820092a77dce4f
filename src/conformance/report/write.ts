import { appendFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { closest } from '../../runtime/text/closest.ts';
import { fileTrouble, makeFolder, writeWhole } from '../../runtime/destination.ts';
import { systemReason, UserError } from '../../runtime/errors.ts';
import { FORMAT_NAMES, FORMATS, type FormatName } from './formats/formats.ts';
import { listed } from '../../runtime/text/listed.ts';
import { visible } from '../../runtime/text/plain.ts';
import type { Report } from './report.ts';
import type { RecordedPlay } from '../conversation/recorded-play.ts';

/** The destination and format of a report. */
export interface ReportTarget {
  readonly format: FormatName;
  /** A path; `-` is standard output. */
  readonly file: string;
}

const FLAG = 'report';
const given = (value: string) => ({ flag: FLAG, value: visible(value) });
const STDOUT = '-';

/** Reads `FORMAT:FILE`. @throws UserError that names the flag */
export function parseReportTarget(text: string): ReportTarget {
  const at = text.indexOf(':');
  const name = at < 0 ? text : text.slice(0, at);
  const file = at < 0 ? '' : text.slice(at + 1);
  const format = FORMAT_NAMES.find((each) => each === name);
  if (format === undefined) {
    const meant = closest(name.toLowerCase(), FORMAT_NAMES);
    throw new UserError(`expected FORMAT:FILE, FORMAT being ${listed(FORMAT_NAMES)}`, {
      ...given(text),
      meant: meant === undefined ? undefined : `${meant}:${at < 0 ? 'FILE' : visible(file)}`,
    });
  }
  if (file === '') {
    throw new UserError(`expected a file after "${format}:", or - for standard output`, given(text));
  }
  return { format, file };
}

/** Parses all of them, and refuses two reports for one file. @throws UserError */
export function parseReportTargets(texts: readonly string[]): readonly ReportTarget[] {
  const targets = texts.map(parseReportTarget);
  const taken = new Set<string>();
  for (const { file } of targets) {
    if (taken.has(file)) {
      const where = file === STDOUT ? 'standard output' : visible(file);
      throw new UserError(`two reports go to ${where}; expected a file for each`, { flag: FLAG });
    }
    taken.add(file);
  }
  return targets;
}

/**
 * Creates the folders of the files and checks that they can be written, before a run that may take minutes. @throws
 * UserError
 */
export function prepareReportTargets(targets: readonly ReportTarget[]): void {
  for (const { file } of targets) {
    if (file === STDOUT) continue;
    attempt(file, () => makeFolder(dirname(file)));
    const trouble = fileTrouble(file);
    if (trouble !== undefined) throw new UserError(trouble, given(file));
  }
}

/** Where reports are written, other than files. */
export interface WriteOptions {
  /** Writes to standard output. */
  readonly print: (text: string) => void;
  /** The file of $GITHUB_STEP_SUMMARY, which is appended to because other steps write to it too. */
  readonly stepSummary?: string | undefined;
}

/** Writes the reports. A file is written completely or not at all. @throws UserError when one cannot be written */
export function writeReports(
  targets: readonly ReportTarget[],
  report: Report,
  plays: readonly RecordedPlay[],
  options: WriteOptions,
): void {
  for (const { format, file } of targets) writeText(file, FORMATS[format](report, plays), options);
}

/** Writes one text where a report goes. @throws UserError when it cannot be written */
export function writeText(file: string, text: string, { print, stepSummary }: WriteOptions): void {
  if (file === STDOUT) print(text);
  else if (file === stepSummary) attempt(file, () => appendFileSync(file, text));
  else attempt(file, () => writeWhole(file, text));
}

function attempt(file: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    throw new UserError(`cannot be written: ${systemReason(error)}`, given(file));
  }
}
