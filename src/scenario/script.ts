import type { Onset } from '../audio/onset.ts';

/**
 * The neutral vocabulary between a scenario and a dialect: what a server says, and the words it says it with.
 * Times are whole milliseconds on the audio clock of the connection (audio heard since its first byte).
 */
export interface Word {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
  /** 0 to 1, two decimals. */
  readonly confidence: number;
}

/** Why a session is ended with an error. A dialect maps it to its own codes. */
export type Problem = 'invalid-request' | 'unauthorized' | 'timeout' | 'source' | 'internal';

export type ServerSay =
  | { readonly kind: 'state'; readonly state: 'loading' | 'listening' | 'stopped' }
  | {
      readonly kind: 'partial';
      readonly words: readonly Word[];
      readonly startMs: number;
      readonly stability: number;
    }
  | {
      readonly kind: 'final';
      readonly words: readonly Word[];
      readonly startMs: number;
      readonly speaker?: string;
    }
  | { readonly kind: 'flushed'; readonly id: string | null }
  | { readonly kind: 'error'; readonly problem: Problem; readonly message: string };

/** The next thing that somebody in the audio will say. */
export type Utterance =
  /** Made up: it takes so many milliseconds of speech, whenever they are heard. */
  | { readonly kind: 'paced'; readonly text: string; readonly spokenMs: number; readonly confidence: number }
  /** Known from a transcript: it is said at these times of the audio clock, whatever the audio sounds like. */
  | {
      readonly kind: 'timed';
      readonly text: string;
      readonly startMs: number;
      readonly endMs: number;
      readonly confidence: number;
    };

/**
 * Where words come from: the `index`-th word of a connection, given how its audio began. A pure function:
 * the same seed, onset and index give the same word. It never runs out.
 */
export type Voice = (onset: Onset, index: number) => Utterance;

/** One thing that the server does in the life of a connection, in order. */
export type Step =
  | { readonly kind: 'say'; readonly say: ServerSay }
  /** Waits for the client's start command or for the first audio of the stream; late is an error. */
  | {
      readonly kind: 'await';
      readonly what: 'start' | 'source';
      readonly limitMs: number;
      readonly late: string;
    }
  /** Recognises speech until the client says stop or the stream ends. So long without audio is an error. */
  | { readonly kind: 'transcribe'; readonly idleMs: number }
  | { readonly kind: 'fail'; readonly problem: Problem; readonly message: string }
  /** Ends the connection as a normal one. */
  | { readonly kind: 'close' };

/** What the server does on one connection. */
export interface ServerScript {
  readonly steps: readonly Step[];
  readonly voice: Voice;
  /** So many made-up speakers take turns; with 0 no final names one. */
  readonly speakers: number;
}
