import type { RequirementResult } from '../report/report.ts';
import type { TraceEvent } from '../../wire/trace.ts';

/** What can only be seen by what a client says that its user sees (contract: conformance client). */
export const NEEDS_REPORTS: ReadonlySet<string> = new Set([
  'SX-PART-012',
  'SX-FIN-021',
  'SX-ERR-005',
  'SX-ERR-006',
  'SX-REST-027',
  'R8-TR-016',
  'R8-ERR-002',
]);

const REASON =
  'the client does not report what its user sees (as NDJSON on file descriptor 3, or --client-report stdout)';

/** Says so where nothing was seen because nothing was reported. */
export function withoutReports(
  results: readonly RequirementResult[],
  events: Iterable<readonly TraceEvent[]>,
): readonly RequirementResult[] {
  for (const play of events) if (play.some(({ kind }) => kind === 'report')) return results;
  return results.map((result) =>
    NEEDS_REPORTS.has(result.id) && result.verdict === 'not-exercised'
      ? { ...result, reason: REASON }
      : result,
  );
}
