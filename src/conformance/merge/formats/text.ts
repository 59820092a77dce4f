import { plainPaint, type Paint } from '../../../runtime/text/screen.ts';
import { visible, withoutCommands } from '../../../runtime/text/plain.ts';
import { wrapped } from '../../../runtime/text/wrapped.ts';
import { dialectText, subjectText } from '../../report/subject.ts';
import { outcomeSentence, wordOf } from '../../report/verdicts.ts';
import type { Matrix, MatrixRow } from '../matrix.ts';

const COLUMNS = 100;
const ID_WIDTH = 12;
const CELL_WIDTH = 16;

/** The matrix for a terminal: only the requirements on which subjects differ or that any of them breaks. */
export function matrixText(
  { columns, sections }: Matrix,
  {
    paint = plainPaint,
    columns: width = COLUMNS,
  }: { readonly paint?: Paint; readonly columns?: number } = {},
): string {
  const told = sections.flatMap(({ rows }) => rows).filter(isTelling);
  const heads = columns.map(({ name }) => name.padEnd(CELL_WIDTH)).join('');
  const lines = [
    paint('bold', `Conformance of ${columns.length} subjects`),
    '',
    ...columns.flatMap(({ name, report }) =>
      wrapped(
        `${subjectText(report.subject, visible)} (${visible(dialectText(report.subject))}): ${visible(outcomeSentence(report))}`,
        Math.max(40, width - 4),
      ).map((line, i) => `${i === 0 ? name.padEnd(3) : '   '} ${line}`),
    ),
    ...(told.length === 0
      ? []
      : [
          '',
          `${''.padEnd(ID_WIDTH)} ${heads}`.trimEnd(),
          ...told.map(({ id, cells }) =>
            `${visible(id).padEnd(ID_WIDTH)} ${cells.map((each) => (each === undefined ? '' : wordOf(each.verdict)).padEnd(CELL_WIDTH)).join('')}`.trimEnd(),
          ),
        ]),
  ];
  return `${withoutCommands(lines.join('\n'))}\n`;
}

function isTelling({ cells }: MatrixRow): boolean {
  const verdicts = new Set(cells.flatMap((each) => each?.verdict ?? []));
  return verdicts.size > 1 || ['fail', 'warn'].some((each) => [...verdicts].includes(each as never));
}
