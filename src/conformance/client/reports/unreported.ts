import type { RequirementId } from '../../../protocol/requirements.ts';
import type { Requirement } from '../../../protocol/requirement.ts';
import type { TraceEvent } from '../../../wire/trace.ts';
import type { RecordedPlay } from '../../conversation/recorded-play.ts';
import { notSeenReason } from '../../judge/judge.ts';
import type { RequirementResult } from '../../judge/result.ts';

/** Requirements that only the reports of a client can show (contract: conformance client). */
export const NEEDS_REPORTS: ReadonlySet<string> = new Set([
  'SX-CONN-018',
  'SX-PART-012',
  'SX-FIN-021',
  'SX-ERR-005',
  'SX-ERR-006',
  'SX-REST-027',
  'R8-TR-016',
  'R8-ERR-002',
  'R8-TURN-020',
  'R8-TURN-025',
] satisfies readonly RequirementId[]);

const REASON =
  'the client does not report what its user sees (as NDJSON on file descriptor 3, or --client-report stdout)';

/** Whether the client has reported anything in any of its plays. */
export function hasReported(plays: readonly RecordedPlay[]): boolean {
  return plays.some(({ events }) => events.some(({ kind }) => kind === 'report'));
}

/** Marks the plays of a client that reports, so that its silence counts as evidence. */
export function withReporting<Play extends RecordedPlay>(plays: readonly Play[]): readonly Play[] {
  if (!hasReported(plays)) return plays;
  return plays.map((play) => ({ ...play, events: play.events.map(known) }));
}

/** Marks an event, since every session of a run begins with what is known about the whole run. */
function known(event: TraceEvent): TraceEvent {
  if (event.kind !== 'context' || event.about.scenario === undefined) return event;
  return { ...event, about: { ...event.about, reports: true } };
}

/**
 * Gives requirements the cause of the whole run if they were not seen for reasons other than missing reports. It is
 * then also unknown whether a client would have done what it may leave out.
 */
export function withClientCause(
  results: readonly RequirementResult[],
  requirements: readonly Requirement[],
  cause: string | undefined,
): readonly RequirementResult[] {
  if (cause === undefined) return results;
  const notSeen = new Map<string, string>(
    requirements.map(({ id, check }) => [id, check.kind === 'none' ? '' : notSeenReason(check.witness)]),
  );
  return results.map((result) => {
    const isUnseen =
      result.verdict === 'not-exercised' ||
      (result.verdict === 'not-applicable' && result.reason === notSeen.get(result.id));
    return isUnseen && result.reason !== REASON
      ? { ...result, verdict: 'not-exercised', reason: cause }
      : result;
  });
}

/** Gives requirements that were not seen because nothing was reported this reason. */
export function withReason(results: readonly RequirementResult[]): readonly RequirementResult[] {
  return results.map((result) =>
    NEEDS_REPORTS.has(result.id) && result.verdict === 'not-exercised'
      ? { ...result, reason: REASON }
      : result,
  );
}
