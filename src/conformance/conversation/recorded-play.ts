import type { TraceEvent } from '../../wire/trace.ts';
import { conversationsOf } from './conversation.ts';
import { derived } from './derived.ts';

/** The recording of a play: the events that `play` and `evidence` of a result refer to. */
export interface RecordedPlay {
  /** `scriptix/happy-path` for a probe, `generated/…` for a generated session. */
  readonly name: string;
  /** When it began, in milliseconds of the run; only for plays against the same service. */
  readonly beganMs?: number;
  /** The traffic, without secrets. */
  readonly events: readonly TraceEvent[];
}

/** The conversations of a play, parsed once: a flood takes seconds to parse, and time may be short. */
export const conversationsIn = derived(({ events }: RecordedPlay) => conversationsOf(events));
