import type { Life } from '../protocol/dialects.ts';
import type { AbortHow } from '../wire/socket.ts';
import type { HeldMessage } from './session/held.ts';
import type { TraceEvent } from '../wire/trace.ts';

/**
 * What a client did, as a test waits for it. `frame` is any message, whatever it means; `unreadable` is one that means
 * nothing in this protocol; `close` is the end of the connection.
 */
export type Happening = 'start' | 'stop' | 'flush' | 'audio' | 'unreadable' | 'frame' | 'close';

/** How often the client must have done something, and how long to wait for it. */
export interface ReceivedOptions {
  /** How often, from the start of the session (1). */
  readonly count?: number;
  /** Real milliseconds to wait at most (the `waitMs` of the server). */
  readonly timeoutMs?: number;
  /** Gives the wait up. */
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
  /** The scenario that was selected; undefined for the life that the documents describe. */
  readonly scenario: string | undefined;
  /** Whether the connection still exists. */
  readonly isOpen: boolean;
  /** Whether a message would still go out: not after a Close frame of either side, nor after an abort. */
  readonly isWritable: boolean;
  /** Milliseconds of audio heard. */
  readonly audioMs: number;
  /** Result messages that were sent so far, partial and final, whatever sent them. */
  readonly results: number;
  /** The close code that the server saw when the connection ended: 1005 without a code, 1006 without a Close frame. */
  readonly closeCode: number | undefined;
  /**
   * Resolves when the client has done something `count` times (default 1), at once if it has already.
   * Rejects when the connection ends first, or after `timeoutMs` of real time (default: the `waitMs` of the server); the
   * error says what was received instead.
   */
  received(what: Happening, options?: ReceivedOptions): Promise<void>;
  /** Whether its client has this token, or an access token made from this key. */
  presented(token: string): boolean;
  /** How often the client has done something. Audio is counted in messages. */
  count(what: Happening): number;
  /** What crossed the wire, without secrets: as much of it as the journal keeps. */
  trace(): readonly TraceEvent[];
  /** Sends a message outside the script: bytes as they are, a string as text, anything else as JSON. */
  send(message: unknown): void;
  /**
   * Holds what the fake sends from now on, in its order, the Close frame of a script included. What `send()`, `close()` and
   * `abort()` do is not held. When there are more than 1000 messages, or 4 MiB, all of them are let go, nothing is
   * held any more, and the trace says so.
   */
  hold(): void;
  /** What is held, the oldest first. */
  readonly held: readonly HeldMessage[];
  /** Sends the `count` oldest messages that are held; without a number all of them, and nothing is held from then on. Returns how many. */
  release(count?: number): number;
  /** Puts another message (see `send()`) in the place of one that is held. Returns whether it is. */
  replace(id: number, message: unknown): boolean;
  /** Forgets a message that is held, or all of them. Returns how many. */
  drop(id?: number): number;
  /** Starts the closing handshake, with a code and a reason of at most 123 bytes (without a code: an empty Close frame). */
  close(code?: number, reason?: string): void;
  /** Ends the TCP connection without a Close frame, or stops answering and leaves it open. */
  abort(how: AbortHow): void;
}
