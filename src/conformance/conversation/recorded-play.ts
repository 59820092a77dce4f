import type { TraceEvent } from '../../wire/trace.ts';

/** What was recorded of a play: the events that `play` and `evidence` of a result refer to. */
export interface RecordedPlay {
  readonly name: string;
  /** When it began, in milliseconds of the run; only of plays against one and the same service. */
  readonly beganMs?: number;
  readonly events: readonly TraceEvent[];
}
