import { plainJson } from '../../../runtime/text/plain.ts';
import type { FormatName } from '../../report/formats/formats.ts';
import { explainedIn, worstOutcome, type Matrix } from '../matrix.ts';
import { matrixHtml } from './html.ts';
import { matrixMarkdown } from './markdown.ts';
import { matrixText } from './text.ts';

/** The formats that show several subjects side by side; the others are for single runs. */
export const MATRIX_FORMATS: Readonly<Partial<Record<FormatName, (matrix: Matrix) => string>>> = {
  json: matrixJson,
  html: matrixHtml,
  markdown: matrixMarkdown,
  text: (matrix) => matrixText(matrix),
  badge: matrixBadge,
};

/** Outcomes and verdicts, with one line per requirement. */
function matrixJson(matrix: Matrix): string {
  const { columns, sections } = matrix;
  const subjects = columns.map((column) => {
    const { subject, tool, seed, profile, startedAt, outcome, summary, causes } = column.report;
    const findings = explainedIn(column).map(({ id, verdict, expected, actual, reason, repro }) => {
      return { id, verdict, expected, actual, reason, repro };
    });
    return { name: column.name, subject, tool, seed, profile, startedAt, outcome, summary, causes, findings };
  });
  const rows = sections.flatMap(({ rows: own }) => own);
  const requirements = rows.map(({ id, level, statement, cells }) => {
    const verdicts = cells.map((each) => each?.verdict ?? null);
    return { id, level, statement, verdicts };
  });
  return [
    '{"schemaVersion":1,"kind":"matrix",',
    `"outcome":${plainJson(worstOutcome(columns.map(({ report }) => report)))},`,
    `"subjects":[\n${subjects.map((each) => plainJson(each)).join(',\n')}\n],`,
    `"requirements":[\n${requirements.map((each) => plainJson(each)).join(',\n')}\n]}\n`,
  ].join('\n');
}

function matrixBadge({ columns }: Matrix): string {
  const conforming = columns.filter(({ report }) => report.outcome === 'conforming').length;
  const outcome = worstOutcome(columns.map(({ report }) => report));
  const color = outcome === 'conforming' ? 'brightgreen' : outcome === 'incomplete' ? 'orange' : 'red';
  const message = `${conforming} of ${columns.length} conforming`;
  return `${plainJson({ schemaVersion: 1, label: 'conformance', message, color })}\n`;
}
