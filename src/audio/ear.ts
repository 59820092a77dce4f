import type { AudioFormat } from './format.ts';
import type { OnsetSearch } from './onset.ts';

/** The audio clock ticks in windows of this length. */
export const WINDOW_MS = 20;

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
  /** Milliseconds of audio heard, in whole windows. */
  readonly positionMs: number;
}

/** The state of samples in a known format. */
export type Pcm = Extract<Ear['state'], { kind: 'pcm' }>;

export const NO_BYTES = new Uint8Array(0);
export const NO_ONSET: OnsetSearch = { heard: 0, atMs: 0, hashes: [0x811c9dc5, 0x9747b28c] };

/** An ear that checks the first bytes for a container and takes anything else for `raw` samples. */
export function sniffingEar(raw: AudioFormat): Ear {
  return { state: { kind: 'sniffing', head: NO_BYTES, raw }, onset: NO_ONSET, positionMs: 0 };
}

/** An ear for a known format, which it never checks. */
export function pcmEar(format: AudioFormat, baseMs = 0, onset: OnsetSearch = NO_ONSET): Ear {
  return { state: pcm(format, baseMs), onset, positionMs: baseMs };
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
