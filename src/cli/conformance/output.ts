import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Counterexample } from '../../conformance/explore/explore.ts';
import { annotations } from '../../conformance/report/formats/annotations.ts';
import { quoted } from '../../conformance/report/repeat/repeat.ts';
import { EXIT_CODES, type Report } from '../../conformance/report/report.ts';
import type { RecordedPlay } from '../../conformance/conversation/recorded-play.ts';
import { textReport } from '../../conformance/report/formats/text.ts';
import { prepareReportTargets, writeReports, type ReportTarget } from '../../conformance/report/write.ts';
import { folderTrouble, makeFolder, writeWhole } from '../../runtime/destination.ts';
import { codeOf, type Mistake, sentenceOf, systemReason, UserError } from '../../runtime/errors.ts';
import { visible } from '../../runtime/text/plain.ts';
import { columnsOf, paintFor } from '../../runtime/text/screen.ts';
import { version } from '../../runtime/version.ts';
import { encodeEvent, encodeHeader } from '../../wire/trace-file.ts';
import { print, say } from '../terminal.ts';

/** The folder for counterexamples, unless --counterexamples names another. */
export const COUNTEREXAMPLES = 'counterexamples';
/** The width of a report that is not written to a terminal. */
const USUAL_COLUMNS = 100;

/** Where the results of a run go, apart from the terminal. */
export interface Output {
  readonly reports: readonly ReportTarget[];
  /** Folders; undefined if nothing is written. */
  readonly traces: string | undefined;
  readonly counterexamples: string | undefined;
}

/** A run that has ended. */
export interface Finished {
  readonly report: Report;
  readonly plays: readonly RecordedPlay[];
  readonly counterexamples: readonly Counterexample[];
}

/**
 * Checks every destination, so that a run that may take minutes does not fail at its end.
 *
 * @throws UserError
 */
export function prepareOutput({ reports, traces, counterexamples }: Output): void {
  prepareReportTargets(reports);
  // A run without counterexamples leaves no folder behind.
  for (const [flag, folder] of Object.entries({ traces, counterexamples })) {
    const trouble = folder === undefined ? undefined : folderTrouble(folder);
    if (trouble !== undefined) throw new UserError(trouble, { flag, value: folder });
  }
  const trouble = traces === undefined ? undefined : troubleWith(() => makeFolder(traces));
  if (trouble !== undefined)
    throw new UserError(`cannot be made: ${trouble}`, { flag: 'traces', value: traces });
}

/**
 * The exit code when something could not be written. It takes precedence over every verdict, but not over a fault of
 * ours.
 */
const NOT_WRITTEN = 2;

/**
 * Writes traces, counterexamples and reports, prints the text, and sets the exit code. If something can no longer be
 * written (a full disk, a folder that was removed), the verdict and the other files are not lost: it is named at the
 * end, and the exit code says so.
 */
export function finishRun({ report, plays, counterexamples }: Finished, output: Output): void {
  const lost: string[] = [];
  const scenarios = writeFiles(
    { flag: 'counterexamples', folder: output.counterexamples ?? COUNTEREXAMPLES },
    counterexamples.map(({ id, name, file }) => ({
      key: id,
      name: `${name}.yaml`,
      text: () => stringify(file, { lineWidth: 100 }),
    })),
    lost,
  );
  const traces =
    output.traces === undefined
      ? new Map<string, string>()
      : writeFiles({ flag: 'traces', folder: output.traces }, tracesOf(report, plays), lost);
  const placed = withPlaces(report, traces, scenarios);
  const toStdout = output.reports.some(({ file }) => file === '-');
  // If something is written to standard output, it is for another program; people then read standard error.
  const stream = toStdout ? process.stderr : process.stdout;
  const paint = paintFor(stream, process.env);
  const columns = columnsOf(stream, process.env, USUAL_COLUMNS);
  (toStdout ? say : print)(textReport(placed, plays, { paint, columns }).trimEnd());
  if (process.env['GITHUB_ACTIONS'] === 'true') for (const line of annotations(placed)) print(line);
  for (const target of output.reports) {
    try {
      writeReports([target], placed, plays, {
        print: (text) => print(text.trimEnd()),
        stepSummary: process.env['GITHUB_STEP_SUMMARY'],
      });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      lost.push(error.message);
    }
  }
  for (const line of lost) say(line);
  const isOwnFault = placed.outcome === 'harness-error';
  process.exitCode = lost.length > 0 && !isOwnFault ? NOT_WRITTEN : EXIT_CODES[placed.outcome];
}

function withPlaces(
  report: Report,
  traces: ReadonlyMap<string, string>,
  scenarios: ReadonlyMap<string, string>,
): Report {
  const traced = (play: string | undefined) => {
    const trace = play === undefined ? undefined : traces.get(play);
    return trace === undefined ? {} : { trace };
  };
  return {
    ...report,
    requirements: report.requirements.map((result) => {
      const scenario = result.determinism === undefined ? undefined : scenarios.get(result.id);
      const again =
        scenario === undefined || result.repro === undefined
          ? {}
          : { repro: `${result.repro} --scenario ${quoted(scenario)}` };
      return { ...result, ...traced(result.play), ...(scenario === undefined ? {} : { scenario }), ...again };
    }),
    sessions: report.sessions.map((session) => ({ ...session, ...traced(session.play) })),
  };
}

interface OutputFile {
  readonly key: string;
  readonly name: string;
  /** Made one after the other, since together they may be long. */
  readonly text: () => string;
}

function tracesOf(
  { startedAt, subject, shard }: Report,
  plays: readonly RecordedPlay[],
): readonly OutputFile[] {
  const header = encodeHeader({
    kind: 'trace',
    version: 1,
    tool: `understudy ${version()}`,
    startedAt,
    ...(subject.kind === 'trace' ? {} : { judged: subject.kind }),
    ...(shard === undefined ? {} : { shard: { index: shard.index, count: shard.count } }),
  });
  return plays.map(({ name, events }) => ({
    key: name,
    name: `${name.replace(/[^\w.-]+/g, '-')}.ndjson`,
    text: () => header + events.map(encodeEvent).join(''),
  }));
}

/**
 * Writes some files.
 *
 * @param lost is given one line for all that could not be written
 * @returns the paths of those that were, by key
 */
function writeFiles(
  { flag, folder }: { readonly flag: string; readonly folder: string },
  files: readonly OutputFile[],
  lost: string[],
): ReadonlyMap<string, string> {
  const written = new Map<string, string>();
  const missing: Mistake[] = [];
  for (const { key, name, text } of files) {
    const path = join(folder, name);
    const why = troubleWith(() => writeWhole(path, text(), { mode: 0o600, flush: false }));
    if (why === undefined) written.set(key, path);
    else missing.push({ flag, value: visible(path), what: `cannot be written: ${why}` });
  }
  const [first, ...others] = missing;
  if (first !== undefined)
    lost.push(`${sentenceOf(first)}${others.length === 0 ? '' : `, and ${others.length} more cannot`}`);
  return written;
}

/**
 * Does something that may fail.
 *
 * @returns what the system objects
 */
function troubleWith(action: () => void): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return systemReason(error);
  }
}
