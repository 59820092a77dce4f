import { judgeClient, type ClientRecord } from '../../../src/conformance/judging/client.ts';
import { mergeRuns } from '../../../src/conformance/merge/merge.ts';
import { readRun } from '../../../src/conformance/merge/read-run.ts';
import { jsonReport } from '../../../src/conformance/report/formats/json.ts';
import type { Report } from '../../../src/conformance/report/report.ts';
import { partOf } from '../../../src/runtime/shard.ts';

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
