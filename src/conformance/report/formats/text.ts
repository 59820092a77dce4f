import { audioAmount, audioOfAll } from '../audio-amount.ts';
import { excerptOf, excerptText } from '../drawing/excerpt.ts';
import { plainPaint, type Paint, type Style } from '../../../runtime/text/screen.ts';
import { visible, visibleLines, withoutCommands } from '../../../runtime/text/plain.ts';
import { badEndLines, badEnds } from '../programs.ts';
import type { Outcome, Report } from '../report.ts';
import type { RecordedPlay } from '../../conversation/recorded-play.ts';
import type { RequirementResult, Verdict } from '../../judge/result.ts';
import { factsOf, otherCauses, outcomeSentence, VERDICTS, withVerdict, wordOf } from '../verdicts.ts';
import { padded, wrapped } from '../../../runtime/text/wrapped.ts';
import { dialectText, subjectText } from '../subject.ts';
import { grouped } from '../../../runtime/grouped.ts';

/** How the report is shown on a terminal. */
export interface TextOptions {
  readonly paint?: Paint;
  /** The width at which lines are wrapped; commands, traces and diagrams are not. */
  readonly columns?: number;
}

const COLUMNS = 100;
const INDENT = '      ';
const NAME_WIDTH = 11;
const VERDICT_STYLES: Readonly<Partial<Record<Verdict, Style>>> = {
  fail: 'red',
  warn: 'yellow',
  pass: 'green',
};
const OUTCOME_STYLES: Readonly<Record<Outcome, Style>> = {
  conforming: 'green',
  violations: 'red',
  incomplete: 'yellow',
  'stale-baseline': 'red',
  'harness-error': 'red',
};

/** The report for a terminal: results that need attention first, the summary last, where it stays visible. */
export function textReport(
  report: Report,
  plays: readonly RecordedPlay[],
  { paint = plainPaint, columns = COLUMNS }: TextOptions = {},
): string {
  const told = (verdict: Verdict) => {
    const results = withVerdict(report, verdict);
    return list(
      headingOf(verdict),
      results.map((result) => explained(result, plays, paint, columns)),
      paint,
    );
  };
  const notApplicable = withVerdict(report, 'not-applicable');
  const blocks = [
    report.causes === undefined ? [] : causeLines(report, columns),
    [
      `${paint('bold', 'Conformance')} of ${subjectText(report.subject, visible)} (${visible(dialectText(report.subject))})`,
    ],
    told('fail'),
    told('warn'),
    told('inconclusive'),
    told('excused'),
    notExercised(report, paint, columns),
    list(headingOf('not-applicable'), byReason(notApplicable, columns), paint, notApplicable.length),
    list('Readings of the documents', readings(report, columns), paint),
    list(
      'Observations',
      report.observations.map(({ id, text }) => named(id, text, columns)),
      paint,
    ),
    list('How the client ended, other than with exit code 0', ended(report, columns), paint),
    list(
      'Notes',
      report.notes.map((note) => wrapped(visible(note), columns, '  - ')),
      paint,
    ),
    summary(report, paint, columns),
  ];
  const text = blocks.filter(({ length }) => length > 0).map((lines) => lines.join('\n'));
  return `${withoutCommands(text.join('\n\n'))}\n`;
}

function headingOf(verdict: Verdict): string {
  return VERDICTS.find((each) => each.verdict === verdict)?.heading ?? verdict;
}

/** A heading with a number, and its entries. Nothing if there are none. */
function list(
  heading: string,
  entries: readonly (readonly string[])[],
  paint: Paint,
  count = entries.length,
): readonly string[] {
  return entries.length === 0 ? [] : [paint('bold', `${heading} (${count})`), ...entries.flat()];
}

function explained(
  result: RequirementResult,
  plays: readonly RecordedPlay[],
  paint: Paint,
  columns: number,
): readonly string[] {
  const { id, level, side, statement, verdict, diagram } = result;
  const head = `${wordOf(verdict).toUpperCase()}  ${visible(id)}`;
  const style = VERDICT_STYLES[verdict];
  const facts = factsOf(result).flatMap(([name, text]) => fact(name, text, columns));
  const excerpt = excerptText(excerptOf(result, plays)).map((line) =>
    line.startsWith('>') ? paint('bold', `${INDENT}${line}`) : paint('dim', `${INDENT}${line}`),
  );
  const drawing =
    diagram === undefined ? [] : ['', ...visibleLines(diagram).map((line) => `${INDENT}  ${line}`)];
  return [
    '',
    `${style === undefined ? head : paint(style, head)}  ${level}, ${side}`,
    ...wrapped(visible(statement), columns, INDENT),
    ...facts,
    ...excerpt,
    ...drawing,
  ];
}

function fact(name: string, text: string, columns: number): readonly string[] {
  const head = INDENT + padded(name, NAME_WIDTH);
  // A command is meant to be copied, so it stays on one line.
  return wrapped(visible(text), name === 'again' ? Infinity : columns, head);
}

/** Rows explained by a cause of the whole run are not repeated one by one. */
function notExercised(report: Report, paint: Paint, columns: number): readonly string[] {
  const results = withVerdict(report, 'not-exercised');
  const isCaused = ({ reason }: RequirementResult) => report.causes?.includes(reason ?? '') === true;
  const entries = [
    ...missing(
      results.filter((each) => !isCaused(each)),
      columns,
    ),
    ...byReason(results.filter(isCaused), columns),
  ];
  return list(headingOf('not-exercised'), entries, paint, results.length);
}

function missing(results: readonly RequirementResult[], columns: number): readonly (readonly string[])[] {
  return [...results]
    .sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level))
    .map(({ id, level, reason = NO_REASON, statement }) =>
      named(`${id}  ${level.padEnd(6)}`, `${statement} (${reason})`, columns),
    );
}

const LEVELS: readonly RequirementResult['level'][] = ['MUST', 'SHOULD', 'INFO'];
const NO_REASON = 'no reason was given';

/** Groups rows with the same reason: for a server, all requirements of clients are not applicable. */
function byReason(results: readonly RequirementResult[], columns: number): readonly (readonly string[])[] {
  return [...grouped(results, ({ reason = NO_REASON }) => reason)].map(([reason, those]) => [
    ...wrapped(visible(reason), columns, '  '),
    ...wrapped(visible(those.map(({ id }) => id).join(', ')), columns, INDENT),
  ]);
}

function readings({ requirements }: Report, columns: number): readonly (readonly string[])[] {
  return requirements.flatMap(({ id, reading }) => (reading === null ? [] : [named(id, reading, columns)]));
}

/** Keeps the line breaks of a program's output. */
function ended(report: Report, columns: number): readonly (readonly string[])[] {
  return badEnds(report)
    .map(badEndLines)
    .map(({ head, words }) => [
      ...wrapped(head, columns, '  - '),
      ...words.map((line) => `${INDENT}${line}`),
    ]);
}

function named(name: string, text: string, columns: number): readonly string[] {
  return wrapped(visible(text), columns, `  ${visible(name)}  `);
}

function summary(report: Report, paint: Paint, columns: number): readonly string[] {
  const { seed, profile, startedAt, durationMs, tool, sessions, requirements, tolerances } = report;
  const counts = VERDICTS.map(({ verdict, count, word }) => {
    const number = report.summary[count];
    const line = `${`${number}`.padStart(6)}  ${word}`;
    const style = VERDICT_STYLES[verdict];
    return number > 0 && style !== undefined ? paint(style, line) : line;
  });
  return [
    paint('bold', 'Summary'),
    ...counts,
    `${`${requirements.length}`.padStart(6)}  requirements`,
    `${`${sessions.length}`.padStart(6)}  connections and calls, ${audioAmount(audioOfAll(sessions))} of audio`,
    ...wrapped(
      visible(
        `${tool.name} ${tool.version}, profile ${profile}, seed ${seed}, started ${startedAt}, took ${(durationMs / 1000).toFixed(1)} s`,
      ),
      columns,
      '  ',
    ),
    ...wrapped(tolerancesText(tolerances), columns, '  tolerances: '),
    ...causeLines(report, columns, true).map((line) => paint(OUTCOME_STYLES[report.outcome], line)),
  ];
}

/** The outcome and its causes; at the end of a report the most important line comes last. */
function causeLines(report: Report, columns: number, isEnd = false): readonly string[] {
  const lines = [outcomeSentence(report), ...otherCauses(report)];
  return (isEnd ? lines.reverse() : lines).flatMap((line) => wrapped(visible(line), columns));
}

function tolerancesText(tolerances: Report['tolerances']): string {
  return Object.entries(tolerances)
    .map(([name, value]) => `${name} ${Array.isArray(value) ? value.join(' to ') : String(value)}`)
    .join(', ');
}
