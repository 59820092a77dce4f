import type { Onset } from '../audio/onset.ts';
import type { Sketch } from '../audio/ear.ts';
import type { Frame } from '../wire/frame.ts';
import type { Spread } from '../runtime/spread.ts';
import type { AbortHow } from '../wire/socket.ts';
import type { Ages, Condition } from './told.ts';

/**
 * The neutral vocabulary between a scenario and a dialect: what a server sends, and with which words. Times are whole
 * milliseconds on the audio clock of the connection (audio heard since its first byte).
 */
export interface Word {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
  /** 0 to 1, two decimals. */
  readonly confidence: number;
  /** Its language, if known. */
  readonly language?: string;
}

/** Why a session is ended with an error. A dialect maps it to its own codes. */
export type Problem = 'invalid-request' | 'unauthorized' | 'timeout' | 'source' | 'internal';

/** What a server sends. */
export type ServerSay =
  | {
      readonly kind: 'state';
      readonly state: string;
      /** The message says when: this many milliseconds from now. */
      readonly inMs?: number;
    }
  | {
      readonly kind: 'partial';
      readonly words: readonly Word[];
      readonly startMs: number;
      /** 0 to 1. */
      readonly stability: number;
      /** Replaces `startMs` as the start that the result gives. */
      readonly offsetMs?: number;
      /** Without words and times, if the dialect sends them in partials. */
      readonly isBare?: true;
      readonly extra?: Extra;
    }
  | {
      readonly kind: 'final';
      readonly words: readonly Word[];
      readonly startMs: number;
      readonly speaker?: string;
      readonly offsetMs?: number;
      /** Words without the space before them, if the dialect sends one. */
      readonly isUnspaced?: true;
      /** Sent this many milliseconds later, or after the first result of the next segment. */
      readonly hold?: number | 'next-segment';
      readonly extra?: Extra;
    }
  /** Without an id, the confirmation has no `id` at all. */
  | { readonly kind: 'flushed'; readonly id: string | null | undefined }
  | { readonly kind: 'error'; readonly problem: Problem; readonly message: string }
  /** Someone began to speak, continued after what looked like the end, or has finished. */
  | { readonly kind: 'turn-start' | 'turn-continuation' | 'turn-end' }
  /** What may be the end of a turn, with all words of the turn. */
  | {
      readonly kind: 'turn-end-candidate';
      readonly words: readonly Word[];
      readonly startMs: number;
      readonly extra?: Extra;
    };

/** Fields of a result in addition to those of its dialect. */
export type Extra = Readonly<Record<string, unknown>>;

/** The next words spoken in the audio. */
export type Utterance =
  /** Made up: it takes this many milliseconds of speech, whenever they are heard. */
  | {
      readonly kind: 'paced';
      readonly text: string;
      readonly spokenMs: number;
      readonly confidence: number;
      /** It begins no earlier than this on the audio clock, since a known recording lasts until then. */
      readonly fromMs?: number;
    }
  /** Known from a transcript: it is spoken at these times of the audio clock, whatever the audio sounds like. */
  | {
      readonly kind: 'timed';
      readonly text: string;
      readonly startMs: number;
      readonly endMs: number;
      readonly confidence: number;
      readonly language?: string;
    };

/**
 * The source of words: the `index`-th word of a connection, given how its audio began. A pure function: the same seed,
 * onset and index give the same word. It never runs out.
 */
export interface Voice {
  (onset: Onset, index: number): Utterance;
  /** The recordings that it knows by their sound, if there are any. */
  readonly recordings?: () => KnownRecordings | undefined;
}

/**
 * The result of looking up a sketch: no speech has begun yet, more audio is needed, no known recording, or the onset of
 * the known recording.
 */
export type Answer = 'idle' | 'wait' | 'unknown' | Onset;

/** Recordings that are recognised even if other samples arrive than those in the file. */
export interface KnownRecordings {
  /** Whether audio that begins with exactly these samples is a known recording. */
  readonly has: (onset: Onset) => boolean;
  /**
   * Identifies the recording by a sketch as it was at `endMs` of the audio clock, even if more was added to it
   * afterwards.
   *
   * @param isLast whether no more of it will come
   */
  readonly at: (sketch: Sketch, endMs: number, isLast: boolean) => Answer;
}

/** When results come, in milliseconds of audio, words and milliseconds of speech. */
export interface Pace {
  /** How much speech makes a partial. */
  readonly partialMs: number;
  /** A final comes after this many words, */
  readonly finalWords: number;
  /** or this much audio since the segment's first word, */
  readonly finalMs: number;
  /** or a pause of this length. */
  readonly pauseMs: number;
}

/** How much silence ends a turn, in milliseconds of audio. */
export interface TurnPauses {
  /** A possible end: a candidate. */
  readonly candidateMs: number;
  /** The certain end; not less than `candidateMs`. */
  readonly endMs: number;
}

/** What a server can wait for. */
export type AwaitedByServer = 'start' | 'stop' | 'audio' | 'flush' | 'source';

/**
 * When a step of recognition ends, whichever comes first; counted from the beginning of the step. `stop` leaves the
 * answer to the command (or to the end of a stream) to the steps that follow.
 */
export interface Until {
  readonly audioMs?: number;
  readonly speechMs?: number;
  readonly bytes?: number;
  readonly frames?: number;
  readonly partials?: number;
  readonly finals?: number;
  readonly candidates?: number;
  readonly turns?: number;
  readonly flushes?: number;
  readonly timeMs?: number;
  /** What `timeMs` counts from; by default, the beginning of the step. */
  readonly timeSince?: keyof Ages | 'step';
  /** This long without audio. */
  readonly idleMs?: number;
  readonly stop?: true;
}

/** What goes wrong with the results of a step of recognition. */
export interface Distortion {
  readonly partials?:
    | 'none'
    | 'twice'
    | 'distinct'
    | 'regress'
    | 'rewrite'
    | 'reorder'
    | 'empty'
    | 'late'
    | 'append'
    | 'bare'
    | 'first-segment';
  readonly finals?: 'none' | 'twice' | 'change' | 'empty';
  readonly holdFinals?: number | 'next-segment';
  readonly offsets?: 'advance';
  readonly spaces?: 'none';
  readonly times?: 'late' | 'negative' | 'overlap' | 'absolute';
  /** For every word: this number, or the natural logarithm of its probability. */
  readonly confidence?: number | 'logprob';
  readonly speaker?: string;
  readonly flush?:
    | 'none'
    | 'twice'
    | 'without-id'
    | 'without-null'
    | 'wrong-id'
    | 'before-final'
    | 'empty-final';
  readonly candidates?: 'none' | 'twice' | 'empty' | 'append';
  readonly turns?: 'at-end';
  readonly partialExtra?: Extra;
  readonly finalExtra?: Extra;
}

type Said = { readonly kind: 'say'; readonly say: ServerSay };
/** A message as it was given. */
type Framed = { readonly kind: 'frame'; readonly frame: Frame };
type Fail = { readonly kind: 'fail'; readonly problem: Problem; readonly message: string };
/** Ends the connection with a closing handshake: a normal one, or with another code. */
type Close = { readonly kind: 'close'; readonly code?: number; readonly reason?: string };

/** One step of the server. */
export type Step =
  | Said
  | Framed
  /** A step, or a value that is sent as JSON, with placeholders for what the client has sent by then. */
  | {
      readonly kind: 'template';
      readonly of: Said | Framed | Fail | Close | { kind: 'json'; value: unknown };
    }
  /** Skips this many of the following steps, unless the condition holds. */
  | { readonly kind: 'when'; readonly condition: Condition; readonly otherwiseSkip: number }
  | { readonly kind: 'skip'; readonly steps: number }
  /** Bytes below the level of messages. */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** Lets time pass. Messages that the client sends in the meantime are kept for the following steps. */
  | { readonly kind: 'wait'; readonly ms: number }
  /** Waits until this long after the connection or the server began; not at all if that has passed. */
  | { readonly kind: 'wait-until'; readonly ms: number; readonly since: keyof Ages }
  /** Waits for the client, or for the first audio of the stream; being late is an error. */
  | {
      readonly kind: 'await';
      readonly what: AwaitedByServer;
      readonly count: number;
      /** For audio: the minimum in all waiting steps together, this one and those before it, however it is divided. */
      readonly bytes?: number;
      readonly limitMs: number;
      readonly late: string;
    }
  /**
   * Recognises speech until the client sends stop or the stream ends, which is answered as the dialect requires and
   * ends the connection. This long without audio is an error.
   */
  | {
      readonly kind: 'transcribe';
      readonly idleMs: number;
      readonly until?: Until;
      /** Recognised instead of the connection's own words; the step ends after the last of them. */
      readonly words?: readonly Utterance[];
      /** When results come, if not as usual. */
      readonly pace?: Partial<Pace>;
      readonly distortion?: Distortion;
    }
  /** Sends what was recognised and not sent yet. */
  | { readonly kind: 'finish' }
  /** From here on everything that the server sends is delayed by times from this distribution, in order. */
  | { readonly kind: 'latency'; readonly spread: Spread }
  /** Stops reading for this long, or permanently; what the client sends fills its buffers. */
  | { readonly kind: 'stall'; readonly ms: number | undefined }
  /** Sends nothing more and leaves the connection open. */
  | { readonly kind: 'hang' }
  | Fail
  | Close
  | { readonly kind: 'abort'; readonly how: AbortHow };

/** What the server does on one connection. */
export interface ServerScript {
  readonly steps: readonly Step[];
  readonly voice: Voice;
  /** The number of made-up speakers that take turns; with 0 finals name none. */
  readonly speakers: number;
  /** Present if the dialect has turns: what is recognised comes in them. */
  readonly turns?: TurnPauses;
  /** For random decisions while the script runs. */
  readonly seed: number;
}

/**
 * What a call of initialize does: start the service; fail to start it (503, S3:157-162); fail internally (500,
 * S3:150-155); or nothing, as without auto-scaling (S3:21).
 */
export type InitializeOutcome = 'starts' | 'fails-to-start' | 'breaks' | 'answers-at-once';
/** All of them. */
export const INITIALIZE_OUTCOMES = [
  'starts',
  'fails-to-start',
  'breaks',
  'answers-at-once',
] as const satisfies readonly InitializeOutcome[];
