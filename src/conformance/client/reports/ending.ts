import type { TraceContext, TraceEvent } from '../../../wire/trace.ts';
import type { CommandOutcome } from '../program/run-command.ts';
import type { TimedFact } from './reports.ts';

/** How a client's program ended, as traces have it. */
export type ClientEnd = NonNullable<TraceContext['client']>;

/**
 * The end of a client's program as something that the observer knows. What a client writes becomes a fact of the kind
 * `report`, whatever it is, so that no client can claim this.
 */
export function programEndOf(outcome: CommandOutcome, atMs: number): TimedFact {
  return { atMs, fact: { kind: 'context', about: { client: endedAs(outcome) } } };
}

/** In the words of traces. */
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

/** How the client's program ended, from the events of a play; undefined when nobody started one. */
export function clientEndIn(events: readonly TraceEvent[]): ClientEnd | undefined {
  return events.flatMap((event) => (event.kind === 'context' ? (event.about.client ?? []) : [])).at(-1);
}
