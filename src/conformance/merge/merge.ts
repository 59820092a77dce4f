import type { RecordedPlay } from '../conversation/recorded-play.ts';
import type { Report } from '../report/report.ts';
import { mergeClients } from './merge-clients.ts';
import { mergeServers } from './merge-servers.ts';
import { runsOf, type Filed, type Run } from './runs.ts';

/** A whole run, and what was recorded in it, if its parts contain that. */
export interface Merged {
  readonly report: Report;
  readonly plays: readonly RecordedPlay[];
}

/**
 * Puts the parts of runs together: one report for each subject, in the order of the files.
 *
 * @throws UserError that names the files and fields, for parts of different runs, and for two runs of one subject
 */
export function mergeRuns(filed: readonly Filed[]): readonly Merged[] {
  return runsOf(filed).map(mergedOf);
}

function mergedOf(run: Run): Merged {
  if (run.kind === 'whole') return { report: run.report, plays: [] };
  const { parts, missing } = run;
  const [{ report }] = parts;
  return report.subject.kind === 'client'
    ? mergeClients(parts, missing)
    : { report: mergeServers(parts, missing), plays: [] };
}
