import { excerptOf, excerptText } from '../drawing/excerpt.ts';
import { plainJson, visible, visibleLines } from '../../../runtime/text/plain.ts';
import type { Report } from '../report.ts';
import type { RecordedPlay } from '../../conversation/recorded-play.ts';
import type { RequirementResult } from '../../judge/result.ts';
import { sectionsOf } from '../sections.ts';
import { isGap, isWholeRun, outcomeSentence, sourceText, VERDICTS, wordOf } from '../verdicts.ts';
import { dialectText, subjectText } from '../subject.ts';

/**
 * The report as TAP 14: a test point for each requirement, and a last one for the run itself. Requirements that make
 * the run incomplete are `not ok`; all others that were not exercised are skipped; excused ones are a TODO.
 */
export function tapReport(report: Report, plays: readonly RecordedPlay[]): string {
  const results = sectionsOf(report.requirements).flatMap((section) => section.results);
  const lines = [
    'TAP version 14',
    `1..${results.length + 1}`,
    comment(`${report.tool.name} ${report.tool.version}, seed ${report.seed}, profile ${report.profile}`),
    comment(`${subjectText(report.subject, (target) => target)}, ${dialectText(report.subject)}`),
    comment(`started ${report.startedAt}, took ${report.durationMs} ms`),
    ...results.flatMap((result, i) => point(report, result, i + 1, plays)),
    ...runPoint(report, results.length + 1),
    ...report.observations.map(({ id, text }) => comment(`${id}: ${text}`)),
    ...VERDICTS.map(({ count, word }) => comment(`${report.summary[count]} ${word}`)),
  ];
  return `${lines.join('\n')}\n`;
}

function point(
  report: Report,
  result: RequirementResult,
  number: number,
  plays: readonly RecordedPlay[],
): readonly string[] {
  const { ok, directive } = judged(report, result);
  return [
    `${ok ? 'ok' : 'not ok'} ${number} - ${escaped(`${result.id} ${result.statement}`)}${directive}`,
    ...diagnostics(diagnosticsOf(result, plays)),
  ];
}

function judged(
  report: Report,
  result: RequirementResult,
): { readonly ok: boolean; readonly directive: string } {
  const { verdict, reason = '' } = result;
  const because = escaped([wordOf(verdict), reason].filter((part) => part !== '').join(': '));
  switch (verdict) {
    case 'pass':
    case 'warn':
      return { ok: true, directive: '' };
    case 'fail':
      return { ok: false, directive: '' };
    case 'excused':
      return { ok: false, directive: ` # TODO ${because}` };
    case 'not-exercised':
    case 'inconclusive':
      return isGap(report, result)
        ? { ok: false, directive: '' }
        : { ok: true, directive: ` # SKIP ${because}` };
    case 'not-applicable':
      return { ok: true, directive: ` # SKIP ${because}` };
  }
}

function diagnosticsOf(
  result: RequirementResult,
  plays: readonly RecordedPlay[],
): Readonly<Record<string, unknown>> {
  const { verdict, level, side, source, diagram, exercised, reading, reason, expected, actual } = result;
  const { play, evidence, trace, scenario, determinism, shrunk, repro } = result;
  const facts = {
    exercised,
    reading,
    reason,
    expected,
    actual,
    play,
    evidence,
    trace,
    scenario,
    determinism,
    shrunk,
    repro,
  };
  const excerpt = excerptText(excerptOf(result, plays));
  return {
    verdict,
    severity: verdict === 'fail' ? 'fail' : verdict === 'warn' ? 'warn' : 'comment',
    level,
    side,
    source: source.map(sourceText),
    ...Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)),
    ...(excerpt.length === 0 ? {} : { excerpt }),
    ...(diagram === undefined ? {} : { diagram: visibleLines(diagram) }),
  };
}

function runPoint(report: Report, number: number): readonly string[] {
  const { outcome, causes, notes, sessions, tolerances } = report;
  return [
    `${isWholeRun(report) ? 'ok' : 'not ok'} ${number} - the run is complete and its baseline is current`,
    ...diagnostics({
      outcome,
      message: outcomeSentence(report),
      ...(causes === undefined ? {} : { causes }),
      notes,
      tolerances,
      sessions,
    }),
  ];
}

/** A block of YAML whose values are JSON, which is valid YAML, so that no text can end or change the block. */
function diagnostics(values: Readonly<Record<string, unknown>>): readonly string[] {
  const lines = Object.entries(values).flatMap(([name, value]) => {
    if (!Array.isArray(value) || value.length === 0) return [`${name}: ${scalar(value)}`];
    return [`${name}:`, ...value.map((each) => `  - ${scalar(each)}`)];
  });
  return ['  ---', ...lines.map((line) => `  ${line}`), '  ...'];
}

function scalar(value: unknown): string {
  // YAML parsers reject lone surrogates, which JSON writes as escapes.
  return plainJson(value, (text) => text.replace(/\p{Cs}/gu, '\ufffd'));
}

function comment(text: string): string {
  return `# ${visible(text).replaceAll('##[', '## [')}`;
}

/** `#` begins a directive. */
function escaped(text: string): string {
  return visible(text).replace(/[\\#]/g, '\\$&');
}
