import wavDecoder from 'wav-decoder';
import { messageOf, UserError } from '../runtime/errors.ts';

/** A WAVE file that was read as a whole. */
export interface WavFile {
  readonly sampleRate: number;
  readonly channels: readonly Float32Array[];
  readonly durationMs: number;
}

/**
 * Reads a WAVE file with integer or float samples. wav-decoder stands behind this one function: it throws
 * RangeError on headers that it does not expect, and it has no types of its own.
 *
 * @param name what to call the file in an error
 * @throws UserError if it is not a WAVE file that can be read
 */
export function readWav(bytes: Uint8Array, name: string): WavFile {
  // wav-decoder wants the whole of an ArrayBuffer, and a Buffer of Node is a part of one.
  const alone = bytes.slice().buffer;
  try {
    const { sampleRate, channelData } = wavDecoder.decode.sync(alone);
    const length = channelData[0]?.length ?? 0;
    return { sampleRate, channels: channelData, durationMs: (length / sampleRate) * 1000 };
  } catch (error) {
    throw new UserError(`${name}: not a WAVE file that can be read (${messageOf(error)})`);
  }
}

/** Samples of one channel as the services want them: signed 16 bit, little-endian. */
export function toPcm16(samples: Float32Array): Uint8Array {
  const bytes = new Uint8Array(samples.length * 2);
  const view = new DataView(bytes.buffer);
  samples.forEach((sample, i) => {
    // wav-decoder divides by 32768 below zero and by 32767 above: this gives back the bytes of the file.
    const scale = sample < 0 ? 32_768 : 32_767;
    view.setInt16(i * 2, Math.round(Math.max(-1, Math.min(1, sample)) * scale), true);
  });
  return bytes;
}
