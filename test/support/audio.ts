import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Audio for tests: bytes of 16 kHz mono signed 16-bit little-endian PCM, unless a rate is given. */

export const SAMPLE_RATE = 16_000;
/** Bytes of a millisecond at 16 kHz. */
export const BYTES_PER_MS = (SAMPLE_RATE * 2) / 1000;
/** The plain RIFF header that all the recordings in fixtures/audio have. */
const HEADER_BYTES = 44;

export interface Word {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** A recording of fixtures/audio and its words. */
export interface Fixture {
  /** The file, unchanged. */
  readonly file: Uint8Array;
  /** A WAV without its header; empty for the other files. */
  readonly pcm: Uint8Array;
  readonly words: readonly Word[];
  readonly text: string;
  readonly durationMs: number;
}

const FIXTURES = new URL('../../fixtures/audio/', import.meta.url);

/** @param name the path of a file below fixtures/audio, such as `en-long.wav` */
export function fixture(name: string): Fixture {
  const file = new Uint8Array(readFileSync(new URL(name, FIXTURES)));
  const transcript = JSON.parse(readFileSync(new URL(`${name}.json`, FIXTURES), 'utf8')) as Omit<
    Fixture,
    'file' | 'pcm'
  >;
  return { ...transcript, file, pcm: name.endsWith('.wav') ? file.subarray(HEADER_BYTES) : new Uint8Array() };
}

/** The bytes of a file below fixtures/audio. */
export function fixtureFile(name: string): Uint8Array {
  return new Uint8Array(readFileSync(fileURLToPath(new URL(name, FIXTURES))));
}

/** Digital silence. */
export function silence(durationMs: number, sampleRate = SAMPLE_RATE): Uint8Array {
  return new Uint8Array(2 * Math.round((durationMs * sampleRate) / 1000));
}

/** A sine; the default amplitude (of full scale) is that of loud speech. */
export function tone(
  durationMs: number,
  {
    amplitude = 0.5,
    frequency = 220,
    sampleRate = SAMPLE_RATE,
  }: { amplitude?: number; frequency?: number; sampleRate?: number } = {},
): Uint8Array {
  const bytes = silence(durationMs, sampleRate);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < bytes.length / 2; i++) {
    const value = amplitude * Math.sin((2 * Math.PI * frequency * i) / sampleRate);
    view.setInt16(2 * i, Math.round(value * 32_767), true);
  }
  return bytes;
}

/** Tone and silence in turns, beginning with a tone: `bursts(1000, 500, 1000)`. */
export function bursts(...durationsMs: readonly number[]): Uint8Array {
  return join(...durationsMs.map((durationMs, i) => (i % 2 === 0 ? tone(durationMs) : silence(durationMs))));
}

export function join(...pieces: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(pieces));
}

/** Puts a RIFF/WAVE header before PCM of 16 bits. */
export function wav(pcm: Uint8Array, { sampleRate = SAMPLE_RATE, channels = 1 } = {}): Uint8Array {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(HEADER_BYTES - 8 + pcm.length, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * channels * 2, 28);
  header.writeUInt16LE(channels * 2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(pcm.length, 40);
  return join(header, pcm);
}
