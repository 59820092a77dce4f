import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { mixed, resampled } from '../../audio/resample.ts';
import { toPcm16, readWav } from '../../audio/wav.ts';
import { unreadable, UserError } from '../../runtime/errors.ts';
import { USUAL_FORMAT, type SoundFormat } from '../../scenario/client-script.ts';
import { recordingPath } from '../../scenario/speech/fixtures.ts';

/** Samples as they are sent: signed, 16 bits. */
export interface Sound {
  readonly pcm: Uint8Array;
  readonly content: 'speech' | 'silence' | 'noise' | 'unknown';
  /** The name of the recording; undefined for silence. */
  readonly recording?: string;
}

const BYTES_PER_SAMPLE = 2;
/** In the usual format: 16 kHz, one channel. */
export const BYTES_PER_MS = bytesPerMsOf(USUAL_FORMAT);

/** The number of bytes in a millisecond of a format. */
export function bytesPerMsOf({ sampleRate, channels }: SoundFormat): number {
  return (sampleRate * channels * BYTES_PER_SAMPLE) / 1000;
}

/** The header of a WAVE file. Its length is the maximum, as in a recording that is still in progress. */
export function wavHeader(format: SoundFormat): Uint8Array {
  const { sampleRate, channels } = format;
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(0xffff_ffff, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(bytesPerMsOf(format) * 1000, 28);
  header.writeUInt16LE(channels * BYTES_PER_SAMPLE, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(0xffff_ffff, 40);
  return header;
}

/** The recordings that can be sent, each read once. */
export interface Sounds {
  /** @param name a bundled recording, a path, or undefined for silence. @throws UserError */
  sound(name: string | undefined, format?: SoundFormat): Sound;
}

const SILENCE: Sound = { pcm: new Uint8Array(BYTES_PER_MS * 1000), content: 'silence' };
/** Bundled recordings without speech. */
const CONTENT: Readonly<Record<string, Sound['content']>> = {
  'silence.wav': 'silence',
  'noise.wav': 'noise',
};
const LONGEST_BYTES = 2 ** 28;

/** @param instead the user's own recording, sent when a probe asks for the bundled speech */
export function openSounds(instead?: string): Sounds {
  const read = new Map<string, Sound>();
  return {
    sound(name, format = USUAL_FORMAT) {
      if (name === undefined) return SILENCE;
      const path = instead !== undefined && CONTENT[name] === undefined ? instead : name;
      const key = JSON.stringify([path, format.sampleRate, format.channels]);
      const known = read.get(key);
      if (known !== undefined) return known;
      const sound: Sound = {
        pcm: pcmOf(path, format),
        content: CONTENT[name] ?? 'speech',
        recording: basename(path),
      };
      read.set(key, sound);
      return sound;
    },
  };
}

function pcmOf(path: string, { sampleRate, channels }: SoundFormat): Uint8Array {
  const wav = readWav(bytesOf(path), path);
  const samples = resampled(mixed(wav.channels), wav.sampleRate, sampleRate);
  if (samples.length === 0) throw new UserError('there is no audio in it', { file: path });
  return toPcm16(channels === 1 ? samples : inEachChannel(samples, channels));
}

function inEachChannel(samples: Float32Array, channels: number): Float32Array {
  return Float32Array.from(
    { length: samples.length * channels },
    (_, i) => samples[Math.floor(i / channels)] ?? 0,
  );
}

function bytesOf(path: string): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(recordingPath(path));
  } catch (error) {
    throw unreadable(path, error);
  }
  if (bytes.length > LONGEST_BYTES) {
    throw new UserError(`it has ${bytes.length} bytes; at most ${LONGEST_BYTES} are read`, { file: path });
  }
  return bytes;
}
