import type { SourceChunk } from '../../audio/source.ts';
import type { Spread } from '../../runtime/spread.ts';
import type { Problem, ServerSay } from '../../scenario/script.ts';
import type { Message as ClientMessage } from '../../scenario/told.ts';
import type { Frame } from '../../wire/frame.ts';
import type { AbortHow } from '../../wire/socket.ts';

/** What a client can say, whatever the dialect. */
export type ClientInput =
  | {
      readonly kind: 'start';
      readonly message?: ClientMessage;
      /** Why the token in it opens nothing. */
      readonly refusal?: string;
    }
  | { readonly kind: 'stop'; readonly message?: ClientMessage }
  | { readonly kind: 'flush'; readonly id: string | null; readonly message?: ClientMessage }
  | { readonly kind: 'audio'; readonly bytes: Uint8Array }
  /** An invalid message, and the reason, in words for the author of the client. */
  | { readonly kind: 'unreadable'; readonly message: string };

export type Input =
  | ClientInput
  | { readonly kind: 'open' }
  | { readonly kind: 'tick' }
  | { readonly kind: 'source'; readonly chunk: SourceChunk }
  | { readonly kind: 'source-end' }
  | { readonly kind: 'source-failed'; readonly problem: Problem; readonly message: string };

/** What a step of the script can take. */
export type Message = Exclude<Input, { kind: 'open' | 'tick' | 'unreadable' | 'source-failed' }>;

export type Effect =
  | { readonly kind: 'say'; readonly say: ServerSay }
  | { readonly kind: 'frame'; readonly frame: Frame }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** Starts the closing handshake: a normal end, or the end after an error. */
  | { readonly kind: 'close'; readonly problem: Problem | undefined }
  /** Starts the closing handshake as the script has it; without a code the Close frame is empty. */
  | { readonly kind: 'close-with'; readonly code: number | undefined; readonly reason: string }
  | { readonly kind: 'abort'; readonly how: AbortHow }
  /** Stops reading what the client sends, or goes on. */
  | { readonly kind: 'read'; readonly isReading: boolean }
  /** Whatever follows is late by a time of this spread. */
  | { readonly kind: 'latency'; readonly spread: Spread };
