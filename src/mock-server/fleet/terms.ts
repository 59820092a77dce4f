import type { ResetPart } from '../control/reset.ts';

/** What a replica knows of its fleet from the start. */
export interface Entered {
  readonly epoch: string;
  readonly birth: string;
  /** Known to those who may use the Redis, and to no one else. */
  readonly secret: string;
  /** Milliseconds since 1970 at scenario time 0. */
  readonly originMs: number;
  readonly ordinal: number;
  /** The time of Redis, in milliseconds since 1970. */
  readonly nowMs: number;
  readonly config: string;
}

/** A replica as Redis has it. */
export interface SeenReplica {
  readonly name: string;
  readonly address: string;
  /** Milliseconds since its last heartbeat. */
  readonly ageMs: number;
}

/** A change: fields with their new values; undefined removes one. */
export interface Saying {
  readonly fields?: Readonly<Record<string, string | undefined>>;
  readonly resets?: readonly ResetPart[];
  /** Names of scenarios whose attempts and calls are counted from the start; `*` for all. */
  readonly restarted?: readonly string[];
}

/** A change as every replica receives it. */
export interface Change {
  readonly field: string;
  readonly value: string | undefined;
}

/** What an upgrade asks for with one call. */
export interface Taking {
  /** Whether the session is numbered now. */
  readonly isNumbered: boolean;
  readonly token: string | undefined;
  /** What is counted, such as `a/reson8/flaky/…`; undefined for nothing. */
  readonly counted: string | undefined;
}

/** What an upgrade was given: the number of its session, and which attempt it is. */
export interface Taken {
  /** 0 for none. */
  readonly number: number;
  readonly attempt: number;
}
