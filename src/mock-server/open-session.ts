import type { Life } from '../protocol/dialects.ts';
import type { AbortHow } from '../wire/socket.ts';
import type { HeldMessage } from './session/held.ts';
import type { TraceEvent } from '../wire/trace.ts';

/**
 * What a client did, for a test to wait for. `frame` is any message; `unreadable` is one that means nothing in this
 * protocol; `close` is the end of the connection.
 */
export type Happening = 'start' | 'stop' | 'flush' | 'audio' | 'unreadable' | 'frame' | 'close';

/** All of them. */
export const HAPPENINGS = [
  'start',
  'audio',
  'flush',
  'stop',
  'close',
  'frame',
  'unreadable',
] as const satisfies readonly Happening[];

/** How often the client must have done something, and how long to wait for it. */
export interface ReceivedOptions {
  /** The number of times, counted from the start of the session (1). */
  readonly count?: number;
  /** Real milliseconds to wait at most (the `waitMs` of the server). */
  readonly timeoutMs?: number;
  /** Cancels the wait. */
  readonly signal?: AbortSignal;
}

/** One connection of a client, seen from the server. */
export interface Session {
  /** `s1`, `s2`, … in the order of their connections. */
  readonly id: string;
  /** Which endpoint of which service the client has connected to. */
  readonly life: Life;
  /** How its service behaves on this connection: `documents`, or another of its editions. */
  readonly edition: string;
  /** What the client asked for in the `language` parameter. */
  readonly language: string | undefined;
  /** The scenario that was selected; undefined for the documented behaviour. */
  readonly scenario: string | undefined;
  /** Whether the connection still exists. */
  readonly isOpen: boolean;
  /** Whether a message could still be sent: not after a Close frame of either side, nor after an abort. */
  readonly isWritable: boolean;
  /** Milliseconds of audio heard. */
  readonly audioMs: number;
  /** Result messages sent so far, partial and final, from whatever source. */
  readonly results: number;
  /** The close code that the server saw when the connection ended: 1005 without a code, 1006 without a Close frame. */
  readonly closeCode: number | undefined;
  /**
   * Resolves when the client has done something `count` times (default 1), immediately if it already has. Rejects when
   * the connection ends first, or after `timeoutMs` of real time (default: the `waitMs` of the server); the error says
   * what was received instead.
   */
  received(what: Happening, options?: ReceivedOptions): Promise<void>;
  /** Whether the client presented this token, or an access token made from this key. */
  presented(token: string): boolean;
  /** How often the client has done something. Audio is counted in messages. */
  count(what: Happening): number;
  /** What crossed the wire, without secrets, as far as the journal has kept it. */
  trace(): readonly TraceEvent[];
  /**
   * Sends a message outside the script: bytes as they are, a string as text, anything else as JSON. Nothing is sent on a
   * connection that has ended.
   */
  send(message: unknown): void;
  /**
   * Holds everything that the fake sends from now on, in order, including the Close frame of a script. What `send()`,
   * `close()` and `abort()` do is not held. With more than 1000 messages, or 4 MiB, all are released, holding ends, and
   * the trace says so.
   */
  hold(): void;
  /** The held messages, the oldest first. */
  readonly held: readonly HeldMessage[];
  /**
   * Sends the `count` oldest held messages, or all of them without a number, which also ends the holding. Returns how
   * many were sent.
   */
  release(count?: number): number;
  /** Replaces a held message by another one (see `send()`). Returns whether it was held. */
  replace(id: number, message: unknown): boolean;
  /** Drops one held message, or all of them. Returns how many were dropped. */
  drop(id?: number): number;
  /** Starts the closing handshake, with a code that may be sent (1000) and a reason of at most 123 bytes (none). */
  close(code?: number, reason?: string): void;
  /** Ends the TCP connection without a Close frame, or stops answering and leaves it open. */
  abort(how: AbortHow): void;
}
