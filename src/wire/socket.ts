import type { Frame } from './frame.ts';

/** How a connection can end without a closing handshake. */
export type AbortHow = 'fin' | 'reset' | 'silence';

/** What a session needs of a connection. */
export interface Socket {
  send(frame: Frame): void;
  /** Starts the closing handshake; the peer has a bounded time to answer. */
  close(code: number, reason?: string): void;
  /** Ends the TCP connection without a Close frame, or (`silence`) stops answering and leaves it open. */
  abort(how: AbortHow): void;
  /** Whether it was aborted with `silence`. */
  readonly isSilent: boolean;
  /** Bytes that were sent and that the operating system has not taken yet. */
  readonly bufferedBytes: number;
}
