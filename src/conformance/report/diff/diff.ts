import { UserError } from '../../../runtime/errors.ts';
import { visible } from '../../../runtime/text/plain.ts';
import type { ReadReport } from './read-report.ts';
import type { Verdict } from '../../judge/result.ts';

/** A verdict or a reading that differs between two reports. */
export interface Change {
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

/** How a change should be understood. */
export type Trend = 'better' | 'worse' | 'other';

/** A requirement whose verdict has changed. */
export interface VerdictChange extends Change {
  readonly trend: Trend;
}

/**
 * The differences between two reports. Only what both have decided is compared: what a shorter profile or a filter
 * leaves out is not a difference between the peers. Times, counts and texts are ignored.
 */
export interface ReportDiff {
  /**
   * Also undefined if the reports have decided different requirements, since their outcomes cannot be compared then.
   */
  readonly outcome: Change | undefined;
  readonly subject: readonly Change[];
  readonly verdicts: readonly VerdictChange[];
  readonly readings: readonly Change[];
  /**
   * Ids of requirements that only one of them has decided, and of observations that only one of them has. These do not
   * count as differences.
   */
  readonly onlyA: readonly string[];
  readonly onlyB: readonly string[];
}

type Row = ReadReport['requirements'][number];

/** Worse verdicts rank higher; those that say nothing about the peer have no rank. */
const RANKS: Readonly<Partial<Record<Verdict, number>>> = { pass: 0, warn: 1, excused: 2, fail: 3 };

/** @throws UserError if the reports are about different protocols or sides and so cannot be compared */
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
    // Different targets are to be expected; comparing a recording with a run, or two editions, is worth mentioning.
    subject: [
      ...changed('kind', a.subject.kind, b.subject.kind),
      ...changed('edition', editionOf(a), editionOf(b)),
    ],
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

/** Whether two reports agree in everything that both have decided. */
export function isSameReport(diff: ReportDiff): boolean {
  const { outcome, verdicts, readings } = diff;
  return outcome === undefined && verdicts.length === 0 && readings.length === 0;
}

/** The requirements that a report has decided. */
function decidedIn({ requirements }: ReadReport): ReadonlyMap<string, Row> {
  const decided = requirements.filter(({ verdict }) => RANKS[verdict] !== undefined);
  return new Map(decided.map((result) => [result.id, result]));
}

/** A reading that only one report contains is not a change. */
function readingChange(one: Row, other: Row): readonly Change[] {
  const [from, to] = [one.reading ?? undefined, other.reading ?? undefined];
  return from === undefined || to === undefined ? [] : changed(one.id, from, to);
}

/** The edition of a report, which names it only if it is not `documents`. */
function editionOf({ subject }: ReadReport): string {
  return subject.edition ?? 'documents';
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
