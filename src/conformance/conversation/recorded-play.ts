import type { TraceEvent } from '../../wire/trace.ts';
import { conversationsOf } from './conversation.ts';
import { derived } from './derived.ts';

/** What was recorded of a play: the events that `play` and `evidence` of a result refer to. */
export interface RecordedPlay {
  /** `scriptix/happy-path` for a probe, `generated/…` for a generated session. */
  readonly name: string;
  /** When it began, in milliseconds of the run; only of plays against one and the same service. */
  readonly beganMs?: number;
  /** What crossed the wire, without secrets. */
  readonly events: readonly TraceEvent[];
}

/** What was said in a play, read once: a flood takes seconds to read, and after the end of the time there are few. */
export const conversationsIn = derived(({ events }: RecordedPlay) => conversationsOf(events));
