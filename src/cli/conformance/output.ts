import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Counterexample } from '../../conformance/explore/explore.ts';
import { annotations } from '../../conformance/report/formats/annotations.ts';
import { quoted } from '../../conformance/report/repeat/repeat.ts';
import { EXIT_CODES, type Report } from '../../conformance/report/report.ts';
import type { RecordedPlay } from '../../conformance/conversation/recorded-play.ts';
import { textReport } from '../../conformance/report/formats/text.ts';
import { prepareReportTargets, writeReports, type ReportTarget } from '../../conformance/report/write.ts';
import { codeOf, messageOf, UserError } from '../../runtime/errors.ts';
import { columnsOf, paintFor } from '../../runtime/screen.ts';
import { version } from '../../runtime/version.ts';
import { encodeEvent, encodeHeader } from '../../wire/trace-file.ts';
import { print, say } from '../terminal.ts';

/** Of a report that does not go to a terminal. */
const USUAL_COLUMNS = 100;

/** Where the results of a run go, besides the terminal. */
export interface Output {
  readonly reports: readonly ReportTarget[];
  /** Folders. */
  readonly traces: string | undefined;
  readonly counterexamples: string;
}

export interface Finished {
  readonly report: Report;
  readonly plays: readonly RecordedPlay[];
  readonly counterexamples: readonly Counterexample[];
}

/** Fails before a run that may take minutes, not after it. @throws UserError */
export function prepareOutput({ reports, traces }: Output): void {
  prepareReportTargets(reports);
  if (traces !== undefined) makeFolder('--traces', traces);
}

/** Writes traces, counterexamples and reports, prints the text, and sets the exit code. */
export function finishRun({ report, plays, counterexamples }: Finished, output: Output): void {
  const scenarios = writeCounterexamples(counterexamples, output.counterexamples);
  const traces =
    output.traces === undefined ? new Map<string, string>() : writeTraces(report, plays, output.traces);
  const placed = withPlaces(report, traces, scenarios);
  const toStdout = output.reports.some(({ file }) => file === '-');
  // What goes to standard output is for another program; then people are told on standard error.
  const stream = toStdout ? process.stderr : process.stdout;
  const paint = paintFor(stream, process.env);
  const columns = columnsOf(stream, process.env, USUAL_COLUMNS);
  (toStdout ? say : print)(textReport(placed, plays, { paint, columns }).trimEnd());
  if (process.env['GITHUB_ACTIONS'] === 'true') for (const line of annotations(placed)) print(line);
  writeReports(output.reports, placed, plays, {
    print: (text) => print(text.trimEnd()),
    stepSummary: process.env['GITHUB_STEP_SUMMARY'],
  });
  process.exitCode = EXIT_CODES[placed.outcome];
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

/** @returns the files by the names of the plays */
function writeTraces(
  { startedAt, subject }: Report,
  plays: readonly RecordedPlay[],
  folder: string,
): ReadonlyMap<string, string> {
  const header = encodeHeader({
    kind: 'trace',
    version: 1,
    tool: `understudy ${version()}`,
    startedAt,
    ...(subject.kind === 'trace' ? {} : { judged: subject.kind }),
  });
  return new Map(
    plays.map(({ name, events }) => {
      const path = join(folder, `${name.replace(/[^\w.-]+/g, '-')}.ndjson`);
      write('--traces', path, header + events.map(encodeEvent).join(''));
      return [name, path];
    }),
  );
}

/** @returns the files by the ids of the requirements that they break */
function writeCounterexamples(
  counterexamples: readonly Counterexample[],
  folder: string,
): ReadonlyMap<string, string> {
  if (counterexamples.length > 0) makeFolder('--counterexamples', folder);
  return new Map(
    counterexamples.map(({ id, name, file }) => {
      const path = join(folder, `${name}.yaml`);
      write('--counterexamples', path, stringify(file, { lineWidth: 100 }));
      return [id, path];
    }),
  );
}

function makeFolder(flag: string, folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new UserError(`${flag}: ${folder} cannot be made (${codeOf(error) ?? messageOf(error)})`);
  }
}

function write(flag: string, path: string, text: string): void {
  try {
    writeFileSync(path, text, { mode: 0o600 });
  } catch (error) {
    throw new UserError(`${flag}: ${path} cannot be written (${codeOf(error) ?? messageOf(error)})`);
  }
}
