import type { RequirementId } from '../../../protocol/requirements.ts';
import type { TraceEvent } from '../../../wire/trace.ts';
import type { RecordedPlay } from '../../conversation/recorded-play.ts';
import type { RequirementResult } from '../../judge/result.ts';

/** What can only be seen by what a client says that its user sees (contract: conformance client). */
export const NEEDS_REPORTS: ReadonlySet<string> = new Set([
  'SX-CONN-018',
  'SX-PART-012',
  'SX-FIN-021',
  'SX-ERR-005',
  'SX-ERR-006',
  'SX-REST-027',
  'R8-TR-016',
  'R8-ERR-002',
] satisfies readonly RequirementId[]);

const REASON =
  'the client does not report what its user sees (as NDJSON on file descriptor 3, or --client-report stdout)';

/** Whether the client has reported anything in any of its plays. */
export function hasReported(plays: readonly RecordedPlay[]): boolean {
  return plays.some(({ events }) => events.some(({ kind }) => kind === 'report'));
}

/** Plays of a client that reports: where it says nothing, there it has nothing to say. */
export function withReporting<Play extends RecordedPlay>(plays: readonly Play[]): readonly Play[] {
  if (!hasReported(plays)) return plays;
  return plays.map((play) => ({ ...play, events: play.events.map(known) }));
}

/** Every session of a run begins with what is known of all of it. */
function known(event: TraceEvent): TraceEvent {
  if (event.kind !== 'context' || event.about.scenario === undefined) return event;
  return { ...event, about: { ...event.about, reports: true } };
}

/** What was not seen for another reason than that nothing was reported, with the cause of the whole run. */
export function withClientCause(
  results: readonly RequirementResult[],
  cause: string | undefined,
): readonly RequirementResult[] {
  if (cause === undefined) return results;
  return results.map((result) =>
    result.verdict === 'not-exercised' && result.reason !== REASON ? { ...result, reason: cause } : result,
  );
}

/** The reason why something was not seen, where it is that nothing was reported. */
export function withReason(results: readonly RequirementResult[]): readonly RequirementResult[] {
  return results.map((result) =>
    NEEDS_REPORTS.has(result.id) && result.verdict === 'not-exercised'
      ? { ...result, reason: REASON }
      : result,
  );
}
