import type { SourceChunk } from '../../audio/source.ts';
import type { Spread } from '../../runtime/spread.ts';
import type { Problem, ServerSay } from '../../scenario/script.ts';
import type { Message as ClientMessage } from '../../scenario/told.ts';
import type { Frame } from '../../wire/frame.ts';
import type { AbortHow } from '../../wire/socket.ts';

/** What a client can mean, in any dialect. */
export type ClientInput =
  | {
      readonly kind: 'start';
      readonly message?: ClientMessage;
      /** Why the token in it is not accepted. */
      readonly refusal?: string;
    }
  | { readonly kind: 'stop'; readonly message?: ClientMessage }
  | { readonly kind: 'flush'; readonly id: string | null; readonly message?: ClientMessage }
  | { readonly kind: 'audio'; readonly bytes: Uint8Array }
  /** An invalid message, and the reason, in words for the author of the client. */
  | { readonly kind: 'unreadable'; readonly message: string };

/** What a session can be given. */
export type Input =
  | ClientInput
  | { readonly kind: 'open' }
  | { readonly kind: 'tick' }
  | { readonly kind: 'source'; readonly chunk: SourceChunk }
  | { readonly kind: 'source-end' }
  | { readonly kind: 'source-failed'; readonly problem: Problem; readonly message: string };

/** What a step of a script can take. */
export type Message = Exclude<Input, { kind: 'open' | 'tick' | 'unreadable' | 'source-failed' }>;

/** What the server does about an input. */
export type Effect =
  | { readonly kind: 'say'; readonly say: ServerSay }
  | { readonly kind: 'frame'; readonly frame: Frame }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** Starts the closing handshake: a normal end, or the end after an error. */
  | { readonly kind: 'close'; readonly problem: Problem | undefined }
  /** Starts the closing handshake as the script specifies; without a code the Close frame is empty. */
  | { readonly kind: 'close-with'; readonly code: number | undefined; readonly reason: string }
  | { readonly kind: 'abort'; readonly how: AbortHow }
  /** Stops or resumes reading what the client sends. */
  | { readonly kind: 'read'; readonly isReading: boolean }
  /** Delays whatever follows, by a time drawn from this spread. */
  | { readonly kind: 'latency'; readonly spread: Spread };
