import type { RequirementResult, Verdict } from '../judge/result.ts';
import { REQUIREMENTS } from '../../protocol/requirements.ts';
import type { Outcome, Report } from '../report/report.ts';
import { sectionsOf } from '../report/sections.ts';

/** Verdicts of several subjects side by side. */
export interface Matrix {
  /** One for each subject. */
  readonly columns: readonly Column[];
  /** One for each section with requirements by which any of the subjects was judged. */
  readonly sections: readonly MatrixSection[];
}

/** A subject. */
export interface Column {
  /** `A`, `B`, …, for the headings of narrow columns and for links. */
  readonly name: string;
  readonly report: Report;
}

/** Requirements about the same thing. */
export interface MatrixSection {
  readonly title: string;
  readonly rows: readonly MatrixRow[];
}

/** A requirement, with a verdict for each subject. */
export interface MatrixRow {
  readonly id: string;
  readonly level: RequirementResult['level'];
  readonly statement: string;
  /** In the order of the columns; undefined if the subject was not judged by the requirement. */
  readonly cells: readonly (RequirementResult | undefined)[];
}

/** The verdicts whose reasons a reader wants to know. */
export const EXPLAINED: readonly Verdict[] = ['fail', 'warn', 'inconclusive', 'excused', 'not-exercised'];

/** The matrix of some reports, in their order. */
export function matrixOf(reports: readonly Report[]): Matrix {
  const columns = reports.map((report, i) => ({ name: columnName(i), report }));
  const results = reports.map(({ requirements }) => new Map(requirements.map((each) => [each.id, each])));
  const place = new Map<string, number>(REQUIREMENTS.map(({ id }, i) => [id, i]));
  const first = new Map<string, RequirementResult>();
  for (const { requirements } of reports)
    for (const each of requirements) if (!first.has(each.id)) first.set(each.id, each);
  const placeOf = ({ id }: RequirementResult) => place.get(id) ?? place.size;
  const all = [...first.values()].sort((a, b) => placeOf(a) - placeOf(b));
  const sections = sectionsOf(all).map(({ title, results: own }) => ({
    title,
    rows: own.map(({ id, level, statement }) => ({
      id,
      level,
      statement,
      cells: results.map((each) => each.get(id)),
    })),
  }));
  return { columns, sections };
}

/** `A` to `Z`, then `A2` and so on. */
function columnName(place: number): string {
  const letter = String.fromCharCode(65 + (place % 26));
  return place < 26 ? letter : `${letter}${Math.floor(place / 26) + 1}`;
}

/** The findings about a subject, to which the cells link. */
export function explainedIn({ report }: Column): readonly RequirementResult[] {
  return EXPLAINED.flatMap((verdict) => report.requirements.filter((each) => each.verdict === verdict));
}

/** The anchor of a finding. */
export function anchorOf({ name }: Column, id: string): string {
  return `${name}-${id.replace(/[^\w-]/g, '-')}`.toLowerCase();
}

/** The worst first (contract: exit codes). */
const WORST: readonly Outcome[] = [
  'harness-error',
  'stale-baseline',
  'violations',
  'incomplete',
  'conforming',
];

/** The outcome of all runs together. */
export function worstOutcome(reports: readonly Report[]): Outcome {
  return WORST.find((outcome) => reports.some((each) => each.outcome === outcome)) ?? 'incomplete';
}
