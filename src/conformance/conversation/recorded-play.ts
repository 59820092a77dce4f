import type { TraceEvent } from '../../wire/trace.ts';

/** What was recorded of a play: the events that `play` and `evidence` of a result refer to. */
export interface RecordedPlay {
  /** `scriptix/happy-path` for a probe, `generated/…` for a generated session. */
  readonly name: string;
  /** When it began, in milliseconds of the run; only of plays against one and the same service. */
  readonly beganMs?: number;
  /** What crossed the wire, without secrets. */
  readonly events: readonly TraceEvent[];
}
