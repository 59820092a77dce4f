import type { ReadReport } from './read-report.ts';
import type { Verdict } from './report.ts';

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

/** What is not the same in two reports. Times, counts and texts are not looked at. */
export interface ReportDiff {
  readonly outcome: Change | undefined;
  readonly subject: readonly Change[];
  readonly verdicts: readonly VerdictChange[];
  readonly readings: readonly Change[];
  /** Ids of requirements and observations. */
  readonly onlyA: readonly string[];
  readonly onlyB: readonly string[];
}

/** The worse, the higher; those that say nothing of the subject have none. */
const RANKS: Readonly<Partial<Record<Verdict, number>>> = { pass: 0, warn: 1, excused: 2, fail: 3 };

export function diffReports(a: ReadReport, b: ReadReport): ReportDiff {
  const ofB = new Map(b.requirements.map((result) => [result.id, result]));
  const pairs = a.requirements.flatMap((result) => {
    const other = ofB.get(result.id);
    return other === undefined ? [] : [[result, other] as const];
  });
  const idsA = new Set([...a.requirements, ...a.observations].map(({ id }) => id));
  const idsB = new Set([...b.requirements, ...b.observations].map(({ id }) => id));
  return {
    outcome: changed('outcome', a.outcome, b.outcome)[0],
    // Two targets are compared, that is what this is for; another protocol is worth a word.
    subject: [
      ...changed('kind', a.subject.kind, b.subject.kind),
      ...changed('dialect', a.subject.dialect, b.subject.dialect),
    ],
    verdicts: pairs.flatMap(([one, other]) =>
      changed(one.id, one.verdict, other.verdict).map((change) => ({
        ...change,
        trend: trendOf(one.verdict, other.verdict),
      })),
    ),
    readings: pairs.flatMap(([one, other]) =>
      changed(one.id, one.reading ?? 'none', other.reading ?? 'none'),
    ),
    onlyA: [...idsA].filter((id) => !idsB.has(id)),
    onlyB: [...idsB].filter((id) => !idsA.has(id)),
  };
}

/** Whether two reports say the same. */
export function isSameReport(diff: ReportDiff): boolean {
  const { outcome, subject, verdicts, readings, onlyA, onlyB } = diff;
  return (
    outcome === undefined &&
    [subject, verdicts, readings, onlyA, onlyB].every((differences) => differences.length === 0)
  );
}

function changed(id: string, from: string, to: string): readonly Change[] {
  return from === to ? [] : [{ id, from, to }];
}

function trendOf(from: Verdict, to: Verdict): Trend {
  const [before, after] = [RANKS[from], RANKS[to]];
  if (before === undefined || after === undefined) return 'other';
  return after > before ? 'worse' : 'better';
}
