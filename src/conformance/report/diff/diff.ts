import { UserError } from '../../../runtime/errors.ts';
import { visible } from '../../../runtime/plain.ts';
import type { ReadReport } from './read-report.ts';
import type { Verdict } from '../../judge/result.ts';

/** A verdict or a reading that is not the same in two reports. */
export interface Change {
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

/** How a change is to be taken. */
export type Trend = 'better' | 'worse' | 'other';

export interface VerdictChange extends Change {
  readonly trend: Trend;
}

/**
 * What is not the same in two reports. Only what both have decided is compared: a shorter profile or a filter leaves
 * things out, and that is no difference of the subjects. Times, counts and texts are not looked at.
 */
export interface ReportDiff {
  /** Undefined as well when the reports have not decided the same things: then the outcomes are of different things. */
  readonly outcome: Change | undefined;
  readonly subject: readonly Change[];
  readonly verdicts: readonly VerdictChange[];
  readonly readings: readonly Change[];
  /** Ids of requirements that only one has decided, and of observations that only one has. No difference. */
  readonly onlyA: readonly string[];
  readonly onlyB: readonly string[];
}

type Row = ReadReport['requirements'][number];

/** The worse, the higher; those that say nothing of the subject have none. */
const RANKS: Readonly<Partial<Record<Verdict, number>>> = { pass: 0, warn: 1, excused: 2, fail: 3 };

/** @throws UserError if the reports are of different protocols or sides: they have nothing to compare */
export function diffReports(a: ReadReport, b: ReadReport): ReportDiff {
  mustBeAlike('dialect', a.subject.dialect, b.subject.dialect);
  if (sideOf(a) !== undefined && sideOf(b) !== undefined) {
    mustBeAlike('kind', a.subject.kind, b.subject.kind);
  }
  const [ofA, ofB] = [decidedIn(a), decidedIn(b)];
  const pairs = [...ofA].flatMap(([id, result]) => {
    const other = ofB.get(id);
    return other === undefined ? [] : [[result, other] as const];
  });
  const seenA = a.observations.map(({ id }) => id);
  const seenB = b.observations.map(({ id }) => id);
  const isSameExtent = pairs.length === ofA.size && pairs.length === ofB.size;
  return {
    outcome: isSameExtent ? changed('outcome', a.outcome, b.outcome)[0] : undefined,
    // Two targets are compared, that is what this is for; a recording against a run is worth a word.
    subject: changed('kind', a.subject.kind, b.subject.kind),
    verdicts: pairs.flatMap(([one, other]) =>
      changed(one.id, one.verdict, other.verdict).map((change) => ({
        ...change,
        trend: trendOf(one.verdict, other.verdict),
      })),
    ),
    readings: pairs.flatMap(([one, other]) => readingChange(one, other)),
    onlyA: [...new Set([...without(ofA.keys(), ofB), ...without(seenA, new Set(seenB))])],
    onlyB: [...new Set([...without(ofB.keys(), ofA), ...without(seenB, new Set(seenA))])],
  };
}

/** Whether two reports say the same of what both have decided. */
export function isSameReport(diff: ReportDiff): boolean {
  const { outcome, verdicts, readings } = diff;
  return outcome === undefined && verdicts.length === 0 && readings.length === 0;
}

/** What a report says something of. */
function decidedIn({ requirements }: ReadReport): ReadonlyMap<string, Row> {
  const decided = requirements.filter(({ verdict }) => RANKS[verdict] !== undefined);
  return new Map(decided.map((result) => [result.id, result]));
}

/** A reading that one has not seen is not another reading. */
function readingChange(one: Row, other: Row): readonly Change[] {
  const [from, to] = [one.reading ?? undefined, other.reading ?? undefined];
  return from === undefined || to === undefined ? [] : changed(one.id, from, to);
}

/** A trace may be of either side. */
function sideOf({ subject }: ReadReport): string | undefined {
  return subject.kind === 'trace' ? undefined : subject.kind;
}

function mustBeAlike(what: string, a: string, b: string): void {
  if (a === b) return;
  throw new UserError(
    `conformance diff: the first report is of ${what} ${visible(a)}, the second of ${visible(b)}; expected two of the same`,
  );
}

function without(ids: Iterable<string>, others: { has: (id: string) => boolean }): readonly string[] {
  return [...ids].filter((id) => !others.has(id));
}

function changed(id: string, from: string, to: string): readonly Change[] {
  return from === to ? [] : [{ id, from, to }];
}

function trendOf(from: Verdict, to: Verdict): Trend {
  const [before, after] = [RANKS[from], RANKS[to]];
  if (before === undefined || after === undefined) return 'other';
  return after > before ? 'worse' : 'better';
}
