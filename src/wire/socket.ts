import type { Frame } from './frame.ts';

/** How a connection can end without a closing handshake. */
export type AbortHow = 'fin' | 'reset' | 'silence';

/** All of them. */
export const ABORTS = ['fin', 'reset', 'silence'] as const satisfies readonly AbortHow[];

/** What a session needs from a connection. */
export interface Socket {
  send(frame: Frame): void;
  /** Writes bytes below the level of messages, after what was sent before. */
  write(bytes: Uint8Array): void;
  /**
   * Starts the closing handshake, with an empty Close frame if there is no code; the peer has a limited time to answer.
   */
  close(code?: number, reason?: string): void;
  /** Ends the TCP connection without a Close frame, or (`silence`) stops answering and leaves it open. */
  abort(how: AbortHow): void;
  /** Whether it was aborted with `silence`. */
  readonly isSilent: boolean;
  /** Bytes that were sent but not yet taken by the operating system. */
  readonly bufferedBytes: number;
}
