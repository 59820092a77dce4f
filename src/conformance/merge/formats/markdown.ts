import { code, plain, withinLimit } from '../../report/formats/markdown.ts';
import { dialectText, subjectText } from '../../report/subject.ts';
import { factsOf, outcomeSentence, wordOf } from '../../report/verdicts.ts';
import type { RequirementResult } from '../../judge/result.ts';
import { anchorOf, EXPLAINED, explainedIn, type Column, type Matrix, type MatrixRow } from '../matrix.ts';

/** The longest text of one fact. */
const LONGEST = 600;

/** The matrix for the summary of a job: a table of verdicts, each with a link to its finding, and the findings below it. */
export function matrixMarkdown({ columns, sections }: Matrix): string {
  const head = [
    `## Conformance of ${columns.length} subjects`,
    '',
    '| | subject | outcome |',
    '| :-- | :-- | :-- |',
    ...columns.map(
      ({ name, report }) =>
        `| **${name}** | ${subjectText(report.subject, code)} (${plain(dialectText(report.subject))}) | ${plain(outcomeSentence(report))} |`,
    ),
    '',
    '',
  ].join('\n');
  const blocks = [
    ...sections.map(({ title, rows }) => table(title, rows, columns)),
    ...columns.flatMap((column) => explainedIn(column).map((result) => finding(column, result))),
  ];
  return withinLimit(head, blocks);
}

function table(title: string, rows: readonly MatrixRow[], columns: readonly Column[]): string {
  return [
    `### ${plain(title)}`,
    '',
    `| id | level |${columns.map(({ name }) => ` ${name} |`).join('')}`,
    `| :-- | :-- |${columns.map(() => ' :-- |').join('')}`,
    ...rows.map(
      ({ id, level, cells }) =>
        `| ${plain(id)} | ${level} |${columns.map((column, i) => ` ${cell(column, cells[i])} |`).join('')}`,
    ),
    '',
  ].join('\n');
}

function cell(column: Column, result: RequirementResult | undefined): string {
  if (result === undefined) return '';
  const { id, verdict } = result;
  const word = verdict === 'fail' || verdict === 'warn' ? `**${wordOf(verdict)}**` : wordOf(verdict);
  return EXPLAINED.includes(verdict) ? `[${word}](#${anchorOf(column, id)})` : word;
}

function finding(column: Column, result: RequirementResult): string {
  const { id, level, verdict, statement } = result;
  return [
    `<a name="${anchorOf(column, id)}"></a>`,
    `**${column.name} ${plain(id)}** ${level}, ${wordOf(verdict)}: ${plain(statement, LONGEST)}`,
    '',
    ...factsOf(result).map(([name, text]) => `- ${name}: ${code(text, LONGEST)}`),
    '',
  ].join('\n');
}
