import type { Dialect } from '../../../protocol/dialects.ts';
import type { Peer } from '../../../wire/trace.ts';

/** What audio is known to contain. */
export type AudioContent = 'speech' | 'silence' | 'noise' | 'unknown';

/** Consecutive audio messages of a client. */
export interface AudioRun {
  readonly content: AudioContent;
  readonly byteCount: number;
  readonly frameCount: number;
  /** Undefined if the bytes do not show it. */
  readonly ms: number | undefined;
  /** Whether all messages were of the same size. */
  readonly isEven: boolean;
}

/** A line of a sequence diagram. */
export interface SequenceRow {
  /** `message` was sent over the wire; `note` is known to the observer; `end` concerns both sides. */
  readonly kind: 'message' | 'note' | 'end';
  readonly from: Peer | undefined;
  /** Unescaped: not yet safe to show. */
  readonly label: string;
  /** The kind of the server's message, for drawings that mark it. */
  readonly heard: 'partial' | 'final' | 'error' | 'other' | undefined;
  readonly atMs: number;
  readonly untilMs: number;
  /** Its events: indexes into the list of events of the play. */
  readonly indices: readonly number[];
  readonly audio?: AudioRun;
  /** Drawn only if it proves something. */
  readonly isAside: boolean;
}

/** One session as a diagram. */
export interface Sequence {
  readonly session: string;
  readonly dialect: Dialect | undefined;
  readonly rows: readonly SequenceRow[];
}
