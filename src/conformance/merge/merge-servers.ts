import { isOfTimes } from '../blame/mistakes.ts';
import { basesOf } from '../blame/rests-on.ts';
import { describeReadings, mixedReadings, type ShownReading } from '../judge/mixtures.ts';
import type { RequirementResult, Verdict } from '../judge/result.ts';
import { withRests } from '../judge/rests.ts';
import { outcomeOf, summaryOf } from '../report/outcome.ts';
import { partSentence } from '../report/part.ts';
import type { Report } from '../report/report.ts';
import { missingSentence, type FiledPart } from './runs.ts';

/**
 * The worst first, as in a single run: `inconclusive` counts less than `pass`, and a finding that was not reproduced
 * counts more.
 */
const WORST_FIRST: readonly (Verdict | 'unproven')[] = [
  'fail',
  'warn',
  'unproven',
  'excused',
  'pass',
  'inconclusive',
  'not-exercised',
  'not-applicable',
];

/**
 * The report of a run against a server whose generated sessions were shared out. Each part has played all probes, so
 * that the worst verdict of any of them counts. Only readings of open questions are compared across parts.
 */
export function mergeServers(
  parts: readonly [FiledPart, ...FiledPart[]],
  missing: readonly number[],
): Report {
  const [{ report: first, part }] = parts;
  const reports = parts.map(({ report, part: { index } }) => renamed(report, index));
  const judged = first.requirements.map(({ id }) =>
    worstOf(reports.flatMap((each) => each.requirements.filter((row) => row.id === id))),
  );
  const requirements = withRests(withMixtures(judged, readingsOf(parts)));
  const isStrict = part.terms['--strict'] === 'true';
  const unneeded = staleIn(parts, requirements);
  const expired = parts.some(({ part: { alone } }) => alone === 'stale-baseline');
  const isCutShort = missing.length > 0 || parts.some(({ part: { alone } }) => alone === 'incomplete');
  const isOurs = parts.some(({ part: { alone } }) => alone === 'harness-error');
  const stale = [...unneeded, ...(expired ? ['an entry has expired'] : [])];
  const told = reports.flatMap(({ causes = [] }, i) =>
    causes.filter((cause) => cause !== partSentence(parts[i]?.part ?? part)),
  );
  const causes = [...(missing.length === 0 ? [] : [missingSentence(missing, part.count)]), ...new Set(told)];
  const { schemaVersion, tool, subject, seed, profile, tolerances } = first;
  return {
    ...{ schemaVersion, tool, subject, seed, profile, tolerances },
    startedAt: reports.map(({ startedAt }) => startedAt).reduce((a, b) => (a < b ? a : b)),
    durationMs: Math.max(...reports.map(({ durationMs }) => durationMs)),
    outcome: isOurs ? 'harness-error' : outcomeOf(requirements, { stale, isCutShort, strict: isStrict }),
    summary: summaryOf(requirements),
    requirements,
    observations: distinct(reports.flatMap(({ observations }) => observations)),
    sessions: reports.flatMap(({ sessions }) => sessions),
    ...(causes.length === 0 ? {} : { causes }),
    notes: [
      ...new Set([...reports.flatMap(({ notes }) => notes), ...unneeded.map((line) => `Baseline: ${line}`)]),
    ],
  };
}

function readingsOf(parts: readonly FiledPart[]): readonly ShownReading[] {
  return parts.flatMap(({ part: { index, readings = [] } }) =>
    readings.map((each) => (index === 1 ? each : { ...each, play: inPart(index, each.play) })),
  );
}

/** Where one part has shown one reading and another part another, as a run by itself warns of it. */
function withMixtures(
  rows: readonly RequirementResult[],
  shown: readonly ShownReading[],
): readonly RequirementResult[] {
  const mixed = mixedReadings(shown);
  const isBroken = (id: string) =>
    isOfTimes(id) && rows.some((row) => row.id === id && (row.verdict === 'fail' || row.verdict === 'warn'));
  return rows.map((row) => {
    const two = mixed.get(row.id);
    if (two === undefined || row.verdict !== 'pass') return row;
    // Wrong times look like several readings, and are reported already.
    if (isOfTimes(row.id) && basesOf(row.id).some(isBroken)) return row;
    return { ...row, verdict: 'warn', ...describeReadings(...two) };
  });
}

/** The same probes are played in each part; those of the first part keep their names. */
function renamed(report: Report, index: number): Report {
  if (index === 1) return report;
  const named = (name: string) => inPart(index, name);
  return {
    ...report,
    requirements: report.requirements.map((row) => ({
      ...row,
      ...(row.play === undefined ? {} : { play: named(row.play) }),
      ...(row.also === undefined
        ? {}
        : { also: row.also.map((each) => ({ ...each, play: named(each.play) })) }),
    })),
    sessions: report.sessions.map((each) => ({ ...each, name: named(each.name), play: named(each.play) })),
  };
}

function inPart(index: number, name: string): string {
  return `part ${index}: ${name}`;
}

function worstOf(rows: readonly RequirementResult[]): RequirementResult {
  const [first, ...others] = rows;
  if (first === undefined) throw new Error('all parts judge the same requirements');
  const worst = others.reduce((before, row) => (rankOf(row) < rankOf(before) ? row : before), first);
  const sum = (of: (row: RequirementResult) => number | undefined) =>
    rows.reduce((total, row) => total + (of(row) ?? 0), 0);
  const [broken, durationMs] = [sum((row) => row.broken), sum((row) => row.durationMs)];
  return {
    ...worst,
    exercised: sum(({ exercised }) => exercised),
    ...(broken === 0 ? {} : { broken }),
    ...(durationMs === 0 ? {} : { durationMs }),
  };
}

function rankOf({ verdict, determinism }: RequirementResult): number {
  const isUnproven = verdict === 'inconclusive' && determinism?.startsWith('0/') === true;
  return WORST_FIRST.indexOf(isUnproven ? 'unproven' : verdict);
}

/** Entries of the baseline that excused nothing in any part. */
function staleIn(parts: readonly FiledPart[], results: readonly RequirementResult[]): readonly string[] {
  const passing = new Set(results.flatMap(({ id, verdict }) => (verdict === 'pass' ? [id] : [])));
  const [first] = parts;
  return Object.entries(first?.part.unneeded ?? {}).flatMap(([id, line]) => (passing.has(id) ? [line] : []));
}

function distinct<Each>(all: readonly Each[]): readonly Each[] {
  return [...new Map(all.map((each) => [JSON.stringify(each), each])).values()];
}
