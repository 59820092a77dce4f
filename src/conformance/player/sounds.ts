import { readFileSync } from 'node:fs';
import { basename, isAbsolute, resolve } from 'node:path';
import { mixed, resampled } from '../../audio/resample.ts';
import { toPcm16, readWav } from '../../audio/wav.ts';
import { codeOf, messageOf, UserError } from '../../runtime/errors.ts';
import { AUDIO_FIXTURES } from '../../scenario/fixtures.ts';

/** Samples as they are sent: 16 kHz, one channel, signed 16 bit. */
export interface Sound {
  readonly pcm: Uint8Array;
  readonly content: 'speech' | 'silence' | 'noise' | 'unknown';
}

export const SAMPLE_RATE = 16_000;
export const BYTES_PER_MS = (SAMPLE_RATE * 2) / 1000;

/** What a WAVE file of that form begins with; as in a recording that is still going on, its length is the longest. */
export const WAV_HEADER: Uint8Array = wavHeader();

function wavHeader(): Uint8Array {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(0xffff_ffff, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(SAMPLE_RATE, 24);
  header.writeUInt32LE(SAMPLE_RATE * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(0xffff_ffff, 40);
  return header;
}

/** The recordings that can be sent, read once. */
export interface Sounds {
  /** @param name a bundled recording, a path, or undefined for silence. @throws UserError */
  sound(name: string | undefined): Sound;
}

const SILENCE: Sound = { pcm: new Uint8Array(BYTES_PER_MS * 1000), content: 'silence' };
/** Bundled recordings that nobody speaks in. */
const CONTENT: Readonly<Record<string, Sound['content']>> = {
  'silence.wav': 'silence',
  'noise.wav': 'noise',
};
const LONGEST_BYTES = 2 ** 28;

/** @param instead what is sent when a probe asks for the bundled recording of speech: the user's own. */
export function openSounds(instead?: string): Sounds {
  const read = new Map<string, Sound>();
  return {
    sound(name) {
      if (name === undefined) return SILENCE;
      const path = instead !== undefined && CONTENT[name] === undefined ? instead : name;
      const known = read.get(path);
      if (known !== undefined) return known;
      const sound: Sound = { pcm: pcmOf(path), content: CONTENT[name] ?? 'speech' };
      read.set(path, sound);
      return sound;
    },
  };
}

function pcmOf(path: string): Uint8Array {
  const bundled = basename(path) === path && !isAbsolute(path) ? new URL(path, AUDIO_FIXTURES) : undefined;
  const wav = readWav(bytesOf(bundled, path), path);
  const samples = resampled(mixed(wav.channels), wav.sampleRate, SAMPLE_RATE);
  if (samples.length === 0) throw new UserError(`${path}: there is no audio in it`);
  return toPcm16(samples);
}

/** A bundled recording by its name, or else a file. */
function bytesOf(bundled: URL | undefined, path: string): Uint8Array {
  for (const place of bundled === undefined ? [resolve(path)] : [bundled, resolve(path)]) {
    try {
      const bytes = readFileSync(place);
      if (bytes.length > LONGEST_BYTES) {
        throw new UserError(`${path}: it has ${bytes.length} bytes, at most ${LONGEST_BYTES} are read`);
      }
      return bytes;
    } catch (error) {
      if (error instanceof UserError) throw error;
      if (place === bundled && codeOf(error) === 'ENOENT') continue;
      throw new UserError(`${path}: cannot be read (${codeOf(error) ?? messageOf(error)})`);
    }
  }
  throw new UserError(`${path}: there is no such recording`);
}
