import type { AudioFormat } from './format.ts';
import type { OnsetSearch } from './onset.ts';
import type { BankState, Loudness } from './sketch/bands.ts';
import type { SpeechDetector } from './speech.ts';

/**
 * Turns bytes into the power of each window in sequence. The result depends only on the bytes, not on how they were
 * divided into frames.
 */
export interface Ear {
  readonly state:
    | { readonly kind: 'sniffing'; readonly head: Uint8Array; readonly raw: AudioFormat }
    | {
        readonly kind: 'pcm';
        readonly format: AudioFormat;
        /** The audio clock where this format began. */
        readonly baseMs: number;
        /** The remaining bytes of the data chunk; what follows it is not audio. */
        readonly leftBytes: number;
        /** Bytes of an incomplete sample. */
        readonly rest: Uint8Array;
        readonly samples: number;
        readonly windows: number;
        readonly energy: number;
        readonly counted: number;
      }
    /** After the data chunk of a WAVE stream: its other chunks, or the beginning of the next stream. */
    | { readonly kind: 'chunks'; readonly head: Uint8Array; readonly before: Pcm }
    | { readonly kind: 'skipping'; readonly leftBytes: number; readonly before: Pcm }
    /** A compressed container: the audio clock is the time of arrival. */
    | {
        readonly kind: 'undecoded';
        readonly container: string;
        readonly lastMs: number | undefined;
        readonly owedMs: number;
      }
    | { readonly kind: 'deaf'; readonly reason: string };
  readonly onset: OnsetSearch;
  /** How the first speech sounds; complete from the start if no one needs to know. */
  readonly sketch: Sketch;
  /** Milliseconds of audio heard, in whole windows. */
  readonly positionMs: number;
}

/** The state of samples in a known format. */
export type Pcm = Extract<Ear['state'], { kind: 'pcm' }>;

/** An empty piece of audio. */
export const NO_BYTES = new Uint8Array(0);
/** Before any audio. */
export const NO_ONSET: OnsetSearch = { heard: 0, atMs: 0, hashes: [0x811c9dc5, 0x9747b28c] };

/** An ear that checks the first bytes for a container and takes anything else for `raw` samples. */
export function sniffingEar(raw: AudioFormat): Ear {
  return {
    state: { kind: 'sniffing', head: NO_BYTES, raw },
    onset: NO_ONSET,
    sketch: NO_SKETCH,
    positionMs: 0,
  };
}

/** An ear for a known format, which it never checks. */
export function pcmEar(format: AudioFormat): Ear {
  return { state: pcm(format, 0), onset: NO_ONSET, sketch: NO_SKETCH, positionMs: 0 };
}

/** The state before the first sample. */
export function pcm(format: AudioFormat, baseMs: number): Pcm {
  return {
    kind: 'pcm',
    format,
    baseMs,
    leftBytes: Infinity,
    rest: NO_BYTES,
    samples: 0,
    windows: 0,
    energy: 0,
    counted: 0,
  };
}

/**
 * How the first speech of a connection sounds, roughly: the loudness of a few bands in each window of the audio clock.
 * Unlike exact samples, it tolerates another rate, encoding or volume, and a little noise.
 */
export interface Sketch {
  /** Makes the same decisions as the detector of the session: only speech is sketched. */
  readonly detector: SpeechDetector | undefined;
  /** Present while the audio may be speech. */
  readonly bank: BankState | undefined;
  /** Where the first of the frames begins on the audio clock; the speech began one window before it. */
  readonly fromMs: number;
  readonly frames: readonly Loudness[];
  /** Whether the frames are certainly speech. */
  readonly isSpeech: boolean;
  /** Whether no more frames will come. */
  readonly isComplete: boolean;
  /** The number of windows that were divided into bands without success. */
  readonly wasted: number;
}

/** Before any speech. */
export const NEW_SKETCH: Sketch = {
  detector: undefined,
  bank: undefined,
  fromMs: 0,
  frames: [],
  isSpeech: false,
  isComplete: false,
  wasted: 0,
};

/** Nothing is being sketched, or nothing more. */
export const NO_SKETCH: Sketch = { ...NEW_SKETCH, isComplete: true };
