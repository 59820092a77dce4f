import type { RecordedPlay } from '../../../src/conformance/conversation/recorded-play.ts';
import { judgeClient, type ClientRecord } from '../../../src/conformance/judging/client.ts';
import { TOLERANCES } from '../../../src/conformance/judge/tolerances.ts';
import { mergeRuns } from '../../../src/conformance/merge/merge.ts';
import { readRun } from '../../../src/conformance/merge/read-run.ts';
import { jsonReport } from '../../../src/conformance/report/formats/json.ts';
import type { Report } from '../../../src/conformance/report/report.ts';
import type { Dialect } from '../../../src/protocol/dialects.ts';
import { DEFAULT_EDITIONS } from '../../../src/protocol/editions.ts';
import { partOf } from '../../../src/runtime/shard.ts';

/** The record of a run in which a client was played. */
export function recordOf(dialect: Dialect, plays: readonly RecordedPlay[]): ClientRecord {
  return {
    ...{ dialect, editions: DEFAULT_EDITIONS, target: 'node client.mjs', seed: 1, profile: 'full' },
    ...{ startedAt: '2026-01-31T12:00:00.000Z', durationMs: 1000, chosen: { only: [], skip: [] } },
    ...{ strict: false, deviations: [], baseline: [], tolerances: TOLERANCES },
    plays: plays.map(({ name, events }) => ({ name, events, words: '' })),
    about: {
      ...{ dialect, editions: DEFAULT_EDITIONS, isAttached: false, timeoutMs: 30_000 },
      handed: { token: 'redacted-1', spellings: [] },
    },
    again: { before: {}, after: {}, scenarios: [], tail: [] },
    troubles: { notes: [], isCutShort: false, isOurs: false },
    ...{ cutShort: [], notes: [] },
  };
}

/** What has to be the same, however a run was shared out. */
export function verdictsIn({ outcome, requirements, causes = [] }: Report) {
  return {
    outcome,
    causes,
    requirements: requirements.map(({ id, verdict, exercised, broken, reading }) => {
      return { id, verdict, exercised, broken, reading };
    }),
  };
}

/** The verdicts of a run of which every part was judged by itself, written to a file, read and merged. */
export function mergedVerdicts(record: ClientRecord, count: number, without: readonly number[] = []) {
  const filed = Array.from({ length: count }, (_none, i) => i + 1)
    .filter((index) => !without.includes(index))
    .map((index) => {
      const shard = { index, count };
      const own = { ...record, plays: partOf(record.plays, shard) };
      const { report } = judgeClient(own, { part: { ...shard, terms: {} } });
      const file = `${index}.json`;
      return { file, report: readRun(jsonReport(report), file) };
    });
  const [merged] = mergeRuns(filed);
  if (merged === undefined) throw new Error('nothing was merged');
  return verdictsIn(merged.report);
}
