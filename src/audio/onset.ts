import { bytesPerSample, type AudioFormat } from './format.ts';
import { sampleAt } from './samples.ts';

/**
 * How a piece of audio begins: a fingerprint of what follows the first sample that is not silent, and where on the
 * audio clock that sample is. It distinguishes a known recording from any other audio, however it is divided into
 * frames and however much digital silence precedes it.
 */
export interface Onset {
  /** 16 hexadecimal digits. */
  readonly id: string;
  /** Milliseconds from the first byte of audio to the first sample that is not silent; may be fractional. */
  readonly atMs: number;
  /** Where on the audio clock the fingerprint was complete. */
  readonly knownAtMs: number;
}

/** The progress of a fingerprint; `onset` is set when it is complete. */
export interface OnsetSearch {
  readonly heard: number;
  readonly atMs: number;
  readonly hashes: readonly [number, number];
  readonly onset?: Onset;
}

/** Long enough to distinguish recordings, and complete before speech is detected (100 ms). */
const FINGERPRINT_MS = 80;

/** Ends the fingerprint even at an absurd sample rate. */
const MOST_SAMPLES = 65_536;

/** The lowest level of the companded encodings other than zero, which A-law lacks: both are silence. */
const COMPANDED_SILENCE = 8;

/** Examines `count` samples from byte `at`, of which the first is sample number `first` of this format. */
export function searchOnset(
  search: OnsetSearch,
  audio: { bytes: Uint8Array; at: number; count: number; first: number; format: AudioFormat; baseMs: number },
): OnsetSearch {
  const { bytes, at, count, first, format, baseMs } = audio;
  const samplesPerMs = (format.sampleRate * format.channels) / 1000;
  const needed = Math.max(1, Math.min(MOST_SAMPLES, Math.floor(FINGERPRINT_MS * samplesPerMs)));
  const size = bytesPerSample(format.encoding);
  const silence = format.encoding === 'mulaw' || format.encoding === 'alaw' ? COMPANDED_SILENCE : 0;
  let { heard, atMs } = search;
  let [one, two] = search.hashes;
  for (let i = 0; i < count; i++) {
    const sample = Math.round(sampleAt(bytes, at + i * size, format.encoding));
    if (heard === 0) {
      if (sample <= silence && sample >= -silence) continue;
      atMs = baseMs + (first + i) / samplesPerMs;
    }
    // FNV-1a over the two bytes of the sample, in two lanes.
    one = Math.imul(Math.imul(one ^ (sample & 0xff), 0x01000193) ^ ((sample >> 8) & 0xff), 0x01000193);
    two = Math.imul(two ^ (sample & 0xffff), 0x5bd1e995);
    heard += 1;
    if (heard === needed) {
      const knownAtMs = baseMs + (first + i + 1) / samplesPerMs;
      return { heard, atMs, hashes: [one, two], onset: { id: hex(one) + hex(two), atMs, knownAtMs } };
    }
  }
  return { heard, atMs, hashes: [one, two] };
}

function hex(hash: number): string {
  return (hash >>> 0).toString(16).padStart(8, '0');
}
