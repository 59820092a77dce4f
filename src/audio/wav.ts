import wavDecoder from 'wav-decoder';
import { messageOf, UserError } from '../runtime/errors.ts';
import { bytesPerSample, type AudioFormat } from './format.ts';
import { readRiff } from './riff.ts';
import { sampleAt } from './samples.ts';

/** A WAVE file that was read completely. */
export interface WavFile {
  readonly sampleRate: number;
  readonly channels: readonly Float32Array[];
  readonly durationMs: number;
}

/**
 * Reads a WAVE file. Its contents are found by the same parser that sockets and streams use, so that all accept the
 * same files. wav-decoder gets the samples with a header of the one form that it knows: it throws RangeError on odd
 * chunks and on sizes that do not match the file, and it has no types of its own.
 *
 * @param name the name of the file in errors
 * @throws UserError if it is not a readable WAVE file
 */
export function readWav(bytes: Uint8Array, name: string): WavFile {
  const unreadable = (why: string) =>
    new UserError(`not a WAVE file that can be read (${why})`, { file: name });
  const riff = readRiff(bytes);
  if (riff.kind === 'bad') throw unreadable(riff.reason);
  if (riff.kind === 'more') throw unreadable('it ends within its header');
  const { dataAt, dataBytes } = riff;
  const { format, samples } = decodable(riff.format, bytes.subarray(dataAt, dataAt + dataBytes));
  try {
    const { sampleRate, channelData } = wavDecoder.decode.sync(plainFile(format, samples));
    const length = channelData[0]?.length ?? 0;
    return { sampleRate, channels: channelData, durationMs: (length / sampleRate) * 1000 };
  } catch (error) {
    throw unreadable(messageOf(error));
  }
}

/** The same samples in an encoding that wav-decoder knows, without an incomplete last one. */
function decodable(
  format: AudioFormat,
  given: Uint8Array,
): { readonly format: AudioFormat; readonly samples: Uint8Array } {
  const frameBytes = bytesPerSample(format.encoding) * format.channels;
  const samples = given.subarray(0, given.length - (given.length % frameBytes));
  if (format.encoding !== 'mulaw' && format.encoding !== 'alaw') return { format, samples };
  const wide = new Uint8Array(samples.length * 2);
  const view = new DataView(wide.buffer);
  for (let i = 0; i < samples.length; i++) view.setInt16(i * 2, sampleAt(samples, i, format.encoding), true);
  return { format: { ...format, encoding: 's16le' }, samples: wide };
}

const HEADER_BYTES = 44;

/** A file with only a format and samples. In a buffer of its own, because wav-decoder takes the whole buffer. */
function plainFile({ encoding, sampleRate, channels }: AudioFormat, samples: Uint8Array): ArrayBuffer {
  const file = new Uint8Array(HEADER_BYTES + samples.length);
  const view = new DataView(file.buffer);
  const write = (text: string, at: number) => file.set(Buffer.from(text, 'latin1'), at);
  const sampleBytes = bytesPerSample(encoding);
  write('RIFF', 0);
  view.setUint32(4, HEADER_BYTES - 8 + samples.length, true);
  write('WAVEfmt ', 8);
  view.setUint32(16, 16, true);
  view.setUint16(20, encoding === 'f32le' ? 3 : 1, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * channels * sampleBytes, true);
  view.setUint16(32, channels * sampleBytes, true);
  view.setUint16(34, sampleBytes * 8, true);
  write('data', 36);
  view.setUint32(40, samples.length, true);
  file.set(samples, HEADER_BYTES);
  return file.buffer;
}

/** Samples of one channel in the format of the services: signed 16 bit, little-endian. */
export function toPcm16(samples: Float32Array): Uint8Array {
  const bytes = new Uint8Array(samples.length * 2);
  const view = new DataView(bytes.buffer);
  samples.forEach((sample, i) => {
    // wav-decoder divides by 32768 below zero and by 32767 above, so this restores the bytes of the file.
    const scale = sample < 0 ? 32_768 : 32_767;
    view.setInt16(i * 2, Math.round(Math.max(-1, Math.min(1, sample)) * scale), true);
  });
  return bytes;
}
