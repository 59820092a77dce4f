import wavDecoder from 'wav-decoder';
import { messageOf, UserError } from '../runtime/errors.ts';
import { bytesPerSample, type AudioFormat } from './format.ts';
import { mixed, resampled } from './resample.ts';
import { readRiff } from './riff.ts';
import { sampleAt } from './samples.ts';
import { samplesOfWave } from './sources/wave.ts';

/** A WAVE file that was read completely. */
export interface WavFile {
  readonly sampleRate: number;
  readonly channels: readonly Float32Array[];
  readonly durationMs: number;
}

/**
 * Reads a WAVE file. Its samples are found by the parser of streams, so that all accept the same files and hear the same
 * in them, including what follows the samples that the header has counted. wav-decoder gets the samples with a header of
 * the one form that it knows: it throws RangeError on odd chunks and on sizes that do not match the file, and it has no
 * types of its own.
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
  try {
    const pieces = [...samplesOfWave(bytes, name)].map(({ format, bytes: samples }) =>
      decoded(format, samples),
    );
    return pieces.length === 1 && pieces[0] !== undefined
      ? wavOf(pieces[0])
      : wavOf(together(pieces, riff.format));
  } catch (error) {
    throw unreadable(messageOf(error));
  }
}

type Piece = Omit<WavFile, 'durationMs'>;

function wavOf({ sampleRate, channels }: Piece): WavFile {
  return { sampleRate, channels, durationMs: ((channels[0]?.length ?? 0) / sampleRate) * 1000 };
}

/** One piece after the other. If they differ in form, as those of several files may: one channel at the first one's rate. */
function together(pieces: readonly Piece[], { sampleRate, channels }: AudioFormat): Piece {
  const isAlike = pieces.every((each) => each.sampleRate === sampleRate && each.channels.length === channels);
  const alike = isAlike
    ? pieces.map((each) => each.channels)
    : pieces.map((each) => [resampled(mixed(each.channels), each.sampleRate, sampleRate)]);
  const count = isAlike ? channels : 1;
  return {
    sampleRate,
    channels: Array.from({ length: count }, (_, at) => chained(alike.map((each) => each[at] ?? NONE))),
  };
}

const NONE = new Float32Array(0);

function chained(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function decoded(given: AudioFormat, bytes: Uint8Array): Piece {
  const { format, samples } = decodable(given, bytes);
  const { sampleRate, channelData } = wavDecoder.decode.sync(plainFile(format, samples));
  return { sampleRate, channels: channelData };
}

/** The same samples in an encoding that wav-decoder knows. */
function decodable(
  format: AudioFormat,
  samples: Uint8Array,
): { readonly format: AudioFormat; readonly samples: Uint8Array } {
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
