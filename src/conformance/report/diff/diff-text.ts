import type { Change, ReportDiff } from './diff.ts';
import { isSameReport } from './diff.ts';
import { isSameShape, type ShapeDiff } from './diff-shapes.ts';
import { visible, withoutCommands } from '../../../runtime/text/plain.ts';
import type { ShapeFact } from './shape.ts';

/** The names of the two sides: the paths that were given. */
export interface Sides {
  readonly a: string;
  readonly b: string;
}

/** The difference of two reports, for a person. */
export function reportDiffText(diff: ReportDiff, sides: Sides): string {
  const { outcome, subject, verdicts, readings, onlyA, onlyB } = diff;
  const parts = [
    header(sides),
    subject.map(changeLine),
    outcome === undefined ? [] : [`outcome: ${outcome.from} -> ${outcome.to}`],
    listed(
      'Verdicts',
      verdicts.map((change) => changeLine(change) + (change.trend === 'other' ? '' : ` (${change.trend})`)),
    ),
    listed('Readings', readings.map(changeLine)),
    listed(
      'Decided only in A',
      onlyA.map((id) => visible(id)),
    ),
    listed(
      'Decided only in B',
      onlyB.map((id) => visible(id)),
    ),
    [lastLine(diff)],
  ];
  return joined(parts);
}

function lastLine(diff: ReportDiff): string {
  if (!isSameReport(diff)) return 'They differ.';
  const isPartial = diff.onlyA.length > 0 || diff.onlyB.length > 0;
  return isPartial ? 'Both agree on everything that both have decided.' : 'Both say the same.';
}

const KINDS = { handshake: 'opening', message: 'messages', order: 'order', end: 'end' } as const;

/** The difference of two sets of traces, for a person. */
export function shapeDiffText(diffs: readonly ShapeDiff[], sides: Sides): string {
  const parts = [
    header(sides),
    ...diffs.flatMap(({ dialect, onlyA, onlyB, common }) => [
      [`${visible(dialect)}: ${common} in common, ${onlyA.length} only in A, ${onlyB.length} only in B`],
      ...factLists('A, and B does not', onlyA),
      ...factLists('B, and A does not', onlyB),
    ]),
    [isSameShape(diffs) ? 'Both have the same shapes.' : 'They differ.'],
  ];
  return joined(parts);
}

function factLists(who: string, facts: readonly ShapeFact[]): readonly (readonly string[])[] {
  return Object.entries(KINDS).map(([kind, name]) => {
    const lines = facts
      .filter((fact) => fact.kind === kind)
      .map(({ text, count, first }) => `${visible(text)} (${count} x, first in ${visible(first)})`);
    return listed(`Only ${who}: ${name}`, lines);
  });
}

function header({ a, b }: Sides): readonly string[] {
  return [`A  ${visible(a)}`, `B  ${visible(b)}`];
}

function listed(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`${title} (${lines.length})`, ...lines.map((line) => `  ${line}`)];
}

function changeLine({ id, from, to }: Change): string {
  return `${visible(id)}: ${visible(from)} -> ${visible(to)}`;
}

function joined(parts: readonly (readonly string[])[]): string {
  const blocks = parts.filter(({ length }) => length > 0).map((lines) => lines.join('\n'));
  return `${withoutCommands(blocks.join('\n\n'))}\n`;
}
