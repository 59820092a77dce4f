import { padded, widthOf, wrapped } from '../runtime/text/wrapped.ts';

/**
 * Lines of a table whose columns are as wide as their widest cell. The last column is wrapped between words if a line
 * would be longer than `columns`; if there is too little room for that, it goes on lines of its own.
 *
 * @param paints how the cells of a column are emphasised; it must not change how wide they look
 */
export function table(
  rows: readonly (readonly string[])[],
  columns: number,
  paints: readonly ((cell: string) => string)[] = [],
): readonly string[] {
  const last = Math.max(0, ...rows.map((row) => row.length)) - 1;
  const widths = Array.from({ length: last }, (_, i) =>
    Math.max(...rows.map((row) => widthOf(row[i] ?? '')), 0),
  );
  const before = widths.reduce((sum, width) => sum + width + GAP.length, 0);
  const isNarrow = columns - before < NARROWEST;
  const indent = isNarrow ? 4 : before;
  return rows.flatMap((row) => {
    const head = widths.map((width, i) => {
      const cell = row[i] ?? '';
      return (paints[i]?.(cell) ?? cell) + padded('', width - widthOf(cell)) + GAP;
    });
    const [first = '', ...others] = wrapped(row[last] ?? '', columns - indent);
    const rest = others.map((line) => ' '.repeat(indent) + line);
    return isNarrow
      ? [head.join('').trimEnd(), ' '.repeat(indent) + first, ...rest]
      : [(head.join('') + first).trimEnd(), ...rest];
  });
}

const GAP = '  ';
/** A narrower column of text would be hard to read. */
const NARROWEST = 24;
