/** How samples are encoded. All are little-endian; `u8` is unsigned, as in WAV. */
export type SampleEncoding = 'u8' | 's16le' | 's24le' | 's32le' | 'f32le' | 'mulaw' | 'alaw';

/** What is needed to turn bytes into samples and samples into milliseconds. */
export interface AudioFormat {
  readonly encoding: SampleEncoding;
  /** Samples per second and channel, within SAMPLE_RATES; may be fractional. */
  readonly sampleRate: number;
  /** Interleaved channels, a whole number from 1. */
  readonly channels: number;
}

/**
 * The format that both services assume for raw bytes: 16 kHz, mono, signed 16 bit (S4:22-24; the Scriptix dossier,
 * beyond).
 */
export const RAW_DEFAULT: AudioFormat = { encoding: 's16le', sampleRate: 16_000, channels: 1 };

/** Sample rates outside this range are refused: the audio clock would run absurdly fast or hardly at all. */
export const SAMPLE_RATES = { lowest: 100, highest: 10_000_000 } as const;

/** The size of one sample of one channel. */
export function bytesPerSample(encoding: SampleEncoding): number {
  switch (encoding) {
    case 'u8':
    case 'mulaw':
    case 'alaw':
      return 1;
    case 's16le':
      return 2;
    case 's24le':
      return 3;
    case 's32le':
    case 'f32le':
      return 4;
  }
}

/** The audio clock ticks in windows of this length, in milliseconds. */
export const WINDOW_MS = 20;
