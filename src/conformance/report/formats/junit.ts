import { explanation } from './explained.ts';
import { escapeMarkup } from './markup.ts';
import { audioAmount } from '../audio-amount.ts';
import { badEndLines, badEnds } from '../programs.ts';
import type { Report } from '../report.ts';
import type { RecordedPlay } from '../../conversation/recorded-play.ts';
import type { RequirementResult } from '../../judge/result.ts';
import { sectionsOf } from '../sections.ts';
import { isGap, isWholeRun, otherCauses, outcomeSentence, wordOf } from '../verdicts.ts';

/**
 * The report as JUnit XML: a suite for each section, a test case for each requirement, and a last suite with one case
 * for the run itself, because a stale baseline or an exhausted budget breaks no requirement but is still no success.
 *
 * It uses the common part of the two usual schemas (Ant's and Jenkins'): no attributes on `testsuites`, no output of a
 * single case. A warning is not a failure, and viewers do not show the output of a suite, so it is `skipped`, with what
 * was expected and seen as its message. A requirement that was never exercised is also `skipped`, unless it makes the
 * run incomplete: then it is an `error`, since a build must not become green by looking away.
 *
 * The time of a case is that of the plays in which its requirement was exercised; several share a play, so the sum is
 * more than the time of the run, which the last suite has.
 */
export function junitReport(report: Report, plays: readonly RecordedPlay[]): string {
  const suites = [
    ...sectionsOf(report.requirements).map(({ name, title, results }) => ({
      name,
      title,
      cases: results.map((result) => caseOf(report, result, name, plays)),
      output: results.filter(isWorthTelling).map((result) => explanation(result, plays).join('\n')),
    })),
    {
      name: 'run',
      title: 'The run',
      cases: [runCase(report)],
      output: runNotes(report),
      errors: programLines(report),
    },
  ];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    ...suites.flatMap((suite, i) => suiteLines(suite, i, report)),
    '</testsuites>',
    '',
  ].join('\n');
}

interface Case {
  readonly className: string;
  readonly name: string;
  readonly durationMs: number;
  readonly result?: {
    readonly kind: 'failure' | 'error' | 'skipped';
    readonly message: string;
    readonly type: string;
    readonly lines: readonly string[];
  };
}

interface Suite {
  readonly name: string;
  readonly title: string;
  readonly cases: readonly Case[];
  readonly output: readonly string[];
  /** The peer's own messages. */
  readonly errors?: readonly string[];
}

function suiteLines(
  { title, cases, output, errors = [] }: Suite,
  id: number,
  report: Report,
): readonly string[] {
  const count = (kind: string) => cases.filter(({ result }) => result?.kind === kind).length;
  const attributes = [
    ['id', `${id}`],
    ['package', 'understudy.conformance'],
    ['name', title],
    ['timestamp', timestampOf(report.startedAt)],
    ['hostname', 'localhost'],
    ['tests', `${cases.length}`],
    ['failures', `${count('failure')}`],
    ['errors', `${count('error')}`],
    ['skipped', `${count('skipped')}`],
    ['time', seconds(cases.reduce((sum, { durationMs }) => sum + durationMs, 0))],
  ] as const;
  return [
    `<testsuite ${attributes.map(([key, value]) => `${key}="${escapeMarkup(value)}"`).join(' ')}>`,
    '<properties>',
    ...propertiesOf(report).map(([key, value]) => `<property name="${key}" value="${escapeMarkup(value)}"/>`),
    '</properties>',
    ...cases.map(caseLine),
    `<system-out>${text(
      output
        .flatMap((part, i) => (i === 0 ? [part] : ['', part]))
        .join('\n')
        .split('\n'),
    )}</system-out>`,
    `<system-err>${text(errors)}</system-err>`,
    '</testsuite>',
  ];
}

function propertiesOf(report: Report): readonly (readonly [string, string])[] {
  const { tool, subject, seed, profile, outcome, tolerances } = report;
  return [
    ...(report.causes === undefined ? [] : [['cause', report.causes.join(' ')] as const]),
    ['tool', `${tool.name} ${tool.version}`],
    ['subject', subject.kind],
    ['dialect', subject.dialect],
    ...(subject.edition === undefined ? [] : [['edition', subject.edition] as const]),
    ['target', subject.target],
    ['seed', `${seed}`],
    ['profile', profile],
    ['startedAt', report.startedAt],
    ['outcome', outcome],
    ['tolerances', JSON.stringify(tolerances)],
  ];
}

function caseLine({ className, name, durationMs, result }: Case): string {
  const head = `<testcase classname="${escapeMarkup(className)}" name="${escapeMarkup(name)}" time="${seconds(durationMs)}"`;
  if (result === undefined) return `${head}/>`;
  const { kind, message, type, lines } = result;
  const open = `<${kind} type="${escapeMarkup(type)}" message="${escapeMarkup(message)}">`;
  return `${head}>${open}${text(lines)}</${kind}></testcase>`;
}

function text(lines: readonly string[]): string {
  return lines.map((line) => escapeMarkup(line)).join('\n');
}

function caseOf(
  report: Report,
  result: RequirementResult,
  className: string,
  plays: readonly RecordedPlay[],
): Case {
  const { id, statement, durationMs = 0 } = result;
  const kind = kindOf(report, result);
  const facts = { className, name: `${id} ${statement}`, durationMs };
  if (kind === undefined) return facts;
  return {
    ...facts,
    result: { kind, message: messageOf(result), type: result.level, lines: explanation(result, plays) },
  };
}

function kindOf(report: Report, result: RequirementResult): 'failure' | 'error' | 'skipped' | undefined {
  switch (result.verdict) {
    case 'fail':
      return 'failure';
    case 'pass':
      return undefined;
    case 'not-exercised':
    case 'inconclusive':
      return isGap(report, result) ? 'error' : 'skipped';
    case 'warn':
    case 'not-applicable':
    case 'excused':
      return 'skipped';
  }
}

function messageOf({ verdict, statement, expected, actual, reason }: RequirementResult): string {
  const found =
    actual === undefined ? `broken: ${statement}` : `expected ${expected ?? statement}, got ${actual}`;
  if (verdict === 'fail') return found;
  if (verdict === 'warn') return `warning: ${found}`;
  return [wordOf(verdict), reason ?? actual].filter((part) => part !== undefined).join(': ');
}

/** Results that would be lost here; all others are in their cases. */
function isWorthTelling({ verdict, reading }: RequirementResult): boolean {
  return verdict === 'pass' && reading !== null;
}

function runCase(report: Report): Case {
  const facts = { className: 'run', name: 'the run is complete and its baseline is current' };
  const time = { durationMs: report.durationMs };
  if (isWholeRun(report)) return { ...facts, ...time };
  const message = outcomeSentence(report);
  return {
    ...facts,
    ...time,
    result: {
      kind: 'error',
      message,
      type: report.outcome,
      lines: [message, ...otherCauses(report), ...report.notes, ...programLines(report)],
    },
  };
}

function programLines(report: Report): readonly string[] {
  return badEnds(report)
    .map(badEndLines)
    .flatMap(({ head, words }) => [head, ...words]);
}

function runNotes({ causes = [], notes, observations, sessions }: Report): readonly string[] {
  return [
    ...causes,
    ...notes,
    ...observations.map((each) => `${each.id}: ${each.text}`),
    ...sessions.map(({ name, closeCode, trace, ...audio }) =>
      [
        name,
        `closed with ${closeCode ?? 'no code'}`,
        `${audioAmount(audio)} of audio`,
        ...(trace === undefined ? [] : [trace]),
      ].join(', '),
    ),
  ];
}

/** Ant's schema requires it without fractions and without a zone; it is UTC. */
function timestampOf(startedAt: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.exec(startedAt)?.[0] ?? '1970-01-01T00:00:00';
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
