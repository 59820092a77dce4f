import { visible } from '../../../runtime/text/plain.ts';
import type { Report } from '../report.ts';
import type { RequirementResult } from '../../judge/result.ts';
import { isWholeRun, otherCauses, outcomeSentence, sourceText, withVerdict } from '../verdicts.ts';

/** GitHub shows this many of each kind per step. */
const MOST_SHOWN = 10;
const LONGEST = 1000;

/**
 * Lines for the standard output of a GitHub runner, each of which becomes an annotation: an error for each failure, a
 * warning for each warning, and an error for a run without a result.
 */
export function annotations(report: Report): readonly string[] {
  return [
    ...(isWholeRun(report)
      ? []
      : [line('error', report.outcome, [outcomeSentence(report), ...otherCauses(report), ...report.notes])]),
    ...limited('error', withVerdict(report, 'fail'), isWholeRun(report) ? MOST_SHOWN : MOST_SHOWN - 1),
    ...limited('warning', withVerdict(report, 'warn'), MOST_SHOWN),
  ];
}

function limited(
  kind: 'error' | 'warning',
  results: readonly RequirementResult[],
  most: number,
): readonly string[] {
  if (results.length <= most) return results.map((result) => annotation(kind, result));
  const rest = results.slice(most - 1);
  return [
    ...results.slice(0, most - 1).map((result) => annotation(kind, result)),
    line(kind, `${rest.length} more`, [rest.map(({ id }) => id).join(', ')]),
  ];
}

function annotation(kind: 'error' | 'warning', result: RequirementResult): string {
  const { id, level, statement, source, expected, actual } = result;
  return line(kind, `${id} (${level})`, [
    `${statement} (${source.map(sourceText).join(', ')})`,
    ...(expected === undefined ? [] : [`expected ${expected}`]),
    ...(actual === undefined ? [] : [`got ${actual}`]),
  ]);
}

function line(kind: 'error' | 'warning', title: string, lines: readonly string[]): string {
  const text = lines.map((each) => escaped(visible(each, LONGEST))).join('%0A');
  return `::${kind} title=${inProperty(visible(title, LONGEST))}::${text}`;
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25');
}

function inProperty(text: string): string {
  return escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
