import type { Dialect } from '../../../protocol/dialects.ts';
import type { Peer } from '../../../wire/trace.ts';

export type AudioContent = 'speech' | 'silence' | 'noise' | 'unknown';

/** Audio that a client sent in one go. */
export interface AudioRun {
  readonly content: AudioContent;
  readonly byteCount: number;
  readonly frameCount: number;
  /** Undefined when the bytes do not tell. */
  readonly ms: number | undefined;
  /** Whether every message held as much. */
  readonly isEven: boolean;
}

/** A line of a sequence diagram. */
export interface SequenceRow {
  /** `message` crossed the wire; `note` is what the observer knows; `end` is of both. */
  readonly kind: 'message' | 'note' | 'end';
  readonly from: Peer | undefined;
  /** As it came: not yet safe to show. */
  readonly label: string;
  /** What a line marks: kind of the server's message, for those who draw it. */
  readonly heard: 'partial' | 'final' | 'error' | 'other' | undefined;
  readonly atMs: number;
  readonly untilMs: number;
  /** The events in it: places in the list of events of the play. */
  readonly indices: readonly number[];
  readonly audio?: AudioRun;
  /** Only worth a line when it proves something. */
  readonly isAside: boolean;
}

/** What one session looks like as a diagram. */
export interface Sequence {
  readonly session: string;
  readonly dialect: Dialect | undefined;
  readonly rows: readonly SequenceRow[];
}
