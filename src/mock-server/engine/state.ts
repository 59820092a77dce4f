import type { Ear } from '../../audio/ear.ts';
import type { SpeechDetector } from '../../audio/speech.ts';
import type { SourceChunk } from '../../audio/source.ts';
import type { Spread } from '../../runtime/spread.ts';
import type { Problem, ServerSay } from '../../scenario/script.ts';
import type { Message as ClientMessage, Told } from '../../scenario/told.ts';
import type { Frame } from '../../wire/frame.ts';
import type { AbortHow } from '../../wire/socket.ts';
import type { Held } from './hold.ts';
import type { Lateness } from './lateness.ts';
import type { Recognition } from './recognise.ts';
import type { Progress } from './transcribe.ts';

/** What a client can say, whatever the dialect. */
export type ClientInput =
  | { readonly kind: 'start'; readonly message?: ClientMessage }
  | { readonly kind: 'stop'; readonly message?: ClientMessage }
  | { readonly kind: 'flush'; readonly id: string | null; readonly message?: ClientMessage }
  | { readonly kind: 'audio'; readonly bytes: Uint8Array }
  /** A message that means nothing, and why, in words for the one who wrote the client. */
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

export interface SessionState {
  /** The step that the session is in; it waits there, or it has ended. */
  readonly at: number;
  readonly ended: boolean;
  /** When the session was opened. */
  readonly openedMs: number;
  /** What the client has asked for, and said that a step has taken. */
  readonly told: Told;
  readonly ear: Ear;
  readonly detector: SpeechDetector;
  readonly recognition: Recognition;
  /** What was seen since the step began. */
  readonly progress: Progress;
  /** What came while no step took it. */
  readonly pending: readonly Message[];
  /** Audio that a step waited for, for the next step that recognises. */
  readonly unheard: readonly Message[];
  /** Bytes of audio that came while steps waited for something. */
  readonly awaitedBytes: number;
  /** Finals that are held back. */
  readonly held: Held;
  readonly lateness: Lateness;
  /** When the step wants a tick if nothing else happens. */
  readonly stepDueMs: number | undefined;
}

export interface Outcome {
  readonly state: SessionState;
  readonly effects: readonly Effect[];
}
