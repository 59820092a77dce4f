import type { TraceContext, TraceEvent } from '../../../wire/trace.ts';
import type { CommandOutcome } from '../program/run-command.ts';
import type { TimedFact } from './reports.ts';

/** How a client's program ended, in the form used in traces. */
export type ClientEnd = NonNullable<TraceContext['client']>;

/**
 * The end of a client's program as a fact that the observer knows. Anything that a client writes becomes a fact of the
 * kind `report`, so no client can claim this.
 */
export function programEndOf(outcome: CommandOutcome, atMs: number): TimedFact {
  return { atMs, fact: { kind: 'context', about: { client: endedAs(outcome) } } };
}

/** The end in the words of traces. */
export function endedAs(outcome: CommandOutcome): ClientEnd {
  switch (outcome.kind) {
    case 'exited':
      return `exited ${outcome.code}`;
    case 'signal':
      return `killed by ${outcome.signal}`;
    default:
      return outcome.kind;
  }
}

/** How the client's program ended, from the events of a play; undefined for an externally started client. */
export function clientEndIn(events: readonly TraceEvent[]): ClientEnd | undefined {
  return events.flatMap((event) => (event.kind === 'context' ? (event.about.client ?? []) : [])).at(-1);
}
