import { isDeepStrictEqual } from 'node:util';
import { UserError } from '../runtime/errors.ts';
import { keysOf } from '../runtime/json/fields.ts';
import { shardText } from '../runtime/shard.ts';
import { visible } from '../runtime/text/plain.ts';
import { histogramOf } from './histogram.ts';
import { mapTimes } from './meter.ts';
import { outcomeOf } from './outcome.ts';
import { COUNTS, type Counts, type LoadReport, type Stretch } from './result.ts';
import { parseSlo } from './slo.ts';

/** The report of a part of a load, and the file that it was read from. */
export interface FiledLoad {
  readonly file: string;
  readonly report: LoadReport;
}

/**
 * Adds up the parts of a load: the same numbers as if one process had measured everything.
 *
 * @throws UserError that names the files and fields, for reports that are not of one load
 */
export function mergeLoads(filed: readonly [FiledLoad, ...FiledLoad[]]): LoadReport {
  const [first, ...others] = filed;
  for (const other of others) checkSame(first, other);
  const missing = missingIn(filed);
  const reports = filed.map(({ report }) => report);
  const counts = Object.fromEntries(
    keysOf(COUNTS).map((name) => [name, sumOf(reports.map((each) => each.counts[name]))]),
  ) as Record<keyof Counts, number>;
  const times = mapTimes((name) => {
    const { count, percentiles, buckets } = histogramOf(...reports.map((each) => each.times[name].buckets));
    return { count, percentiles, buckets };
  });
  const failures = added(reports.map((each) => each.failures));
  const isStopped = reports.some((each) => each.isStopped);
  const { schemaVersion, kind, tool, subject, terms, stretchMs } = first.report;
  return {
    ...{ schemaVersion, kind, tool, subject, terms, stretchMs },
    startedAt: reports.map(({ startedAt }) => startedAt).reduce((a, b) => (a < b ? a : b)),
    durationMs: Math.max(...reports.map(({ durationMs }) => durationMs)),
    ...{ counts, times, isStopped },
    ...outcomeOf(
      first.report.terms.slos.map(parseSlo),
      { counts, times, isStopped, failures, subject },
      { missing },
    ),
    refusals: added(reports.map(({ refusals }) => refusals)),
    failures,
    closes: added(reports.map(({ closes }) => closes)),
    timeline: timelineOf(reports),
  };
}

/** @throws UserError */
function checkSame(a: FiledLoad, b: FiledLoad): void {
  const [ofA, ofB] = [fieldsOf(a.report), fieldsOf(b.report)];
  for (const [field, value] of Object.entries(ofA)) {
    const other = ofB[field];
    if (isDeepStrictEqual(value, other)) continue;
    throw new UserError(
      `${visible(a.file)} and ${visible(b.file)} are not parts of one load: ${field} is ${shown(value)} in one and ${shown(other)} in the other`,
    );
  }
}

function shown(value: unknown): string {
  return value === undefined ? 'not given' : visible(JSON.stringify(value), 80);
}

function fieldsOf({ tool, subject, terms, shard, stretchMs }: LoadReport): Readonly<Record<string, unknown>> {
  return {
    'the version of understudy': tool.version,
    'the dialect': subject.dialect,
    '--edition': subject.edition,
    'the target': subject.target,
    '--rate (a second)': terms.perSecond,
    'the length of sessions (ms)': terms.holdMs,
    '--for (ms)': terms.forMs,
    '--from': terms.from,
    '--query': terms.query,
    '--start': terms.start,
    '--slo': terms.slos,
    'the number of parts': shard?.count,
    'the length of stretches (ms)': stretchMs,
  };
}

/** Sentences about parts that are not there. @throws UserError for one that is there twice, and for whole loads */
function missingIn(filed: readonly [FiledLoad, ...FiledLoad[]]): readonly string[] {
  const [first] = filed;
  const { shard } = first.report;
  if (shard === undefined) {
    const [, second] = filed;
    if (second === undefined) return [];
    throw new UserError(
      `${visible(first.file)} and ${visible(second.file)} are whole loads, not parts of one; give one of them`,
    );
  }
  const seen = new Map<number, string>();
  for (const { file, report } of filed) {
    const index = report.shard?.index ?? 0;
    const before = seen.get(index);
    if (before !== undefined)
      throw new UserError(
        `${visible(before)} and ${visible(file)} are both part ${shardText({ ...shard, index })} of a load; give one of them`,
      );
    seen.set(index, file);
  }
  const absent = Array.from({ length: shard.count }, (_none, i) => i + 1).filter((index) => !seen.has(index));
  if (absent.length === 0) return [];
  const told = absent.length > 10 ? `${absent.slice(0, 10).join(', ')} and more` : absent.join(', ');
  return [
    `Of ${shard.count} parts of the load ${absent.length} ${absent.length === 1 ? 'is' : 'are'} missing: ${told}.`,
  ];
}

function timelineOf(reports: readonly LoadReport[]): readonly Stretch[] {
  const longest = Math.max(0, ...reports.map(({ timeline }) => timeline.length));
  return Array.from({ length: longest }, (_none, i) => {
    const all = reports.flatMap(({ timeline }) => timeline[i] ?? []);
    return {
      atMs: all[0]?.atMs ?? 0,
      started: sumOf(all.map(({ started }) => started)),
      // The parts need not have had the most at the same moment: this is an upper limit.
      open: sumOf(all.map(({ open }) => open)),
      times: mapTimes((name) => histogramOf(...all.map(({ times }) => times[name])).buckets),
    };
  });
}

function added(all: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const sums = new Map<string, number>();
  for (const each of all)
    for (const [kind, count] of Object.entries(each)) sums.set(kind, (sums.get(kind) ?? 0) + count);
  return Object.fromEntries(sums);
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
