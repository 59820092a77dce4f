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
 * The report of a run against a server whose generated sessions were shared out. Each part has played all probes, and
 * its server may have been another instance, so nothing is compared across parts: for each requirement the worst
 * verdict counts.
 */
export function mergeServers(
  parts: readonly [FiledPart, ...FiledPart[]],
  missing: readonly number[],
): Report {
  const [{ report: first, part }] = parts;
  const reports = parts.map(({ report, part: { index } }) => renamed(report, index));
  const requirements = withRests(
    first.requirements.map(({ id }) =>
      worstOf(reports.flatMap((each) => each.requirements.filter((row) => row.id === id))),
    ),
  );
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

/** The same probes are played in each part; those of the first part keep their names. */
function renamed(report: Report, index: number): Report {
  if (index === 1) return report;
  const inPart = (name: string) => `part ${index}: ${name}`;
  return {
    ...report,
    requirements: report.requirements.map((row) => ({
      ...row,
      ...(row.play === undefined ? {} : { play: inPart(row.play) }),
      ...(row.also === undefined
        ? {}
        : { also: row.also.map((each) => ({ ...each, play: inPart(each.play) })) }),
    })),
    sessions: report.sessions.map((each) => ({ ...each, name: inPart(each.name), play: inPart(each.play) })),
  };
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
