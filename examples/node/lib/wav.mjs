import { readFileSync } from 'node:fs';
import { UsageError } from './failure.mjs';

/**
 * The samples of a WAV file: 16 bit PCM, little-endian.
 *
 * @returns {{ sampleRate: number, channels: number, samples: Buffer }}
 */
export function readWav(path) {
  let file;
  try {
    file = readFileSync(path);
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${error.message}`);
  }
  if (
    file.length < 12 ||
    file.toString('latin1', 0, 4) !== 'RIFF' ||
    file.toString('latin1', 8, 12) !== 'WAVE'
  ) {
    throw new UsageError(`${path}: expected a WAV file`);
  }
  let format;
  for (let at = 12; at + 8 <= file.length;) {
    const id = file.toString('latin1', at, at + 4);
    const byteCount = file.readUInt32LE(at + 4);
    const body = file.subarray(at + 8, at + 8 + byteCount);
    if (id === 'fmt ' && body.length >= 16) {
      format = {
        encoding: body.readUInt16LE(0),
        channels: body.readUInt16LE(2),
        sampleRate: body.readUInt32LE(4),
        bits: body.readUInt16LE(14),
      };
    }
    if (id === 'data' && format !== undefined) {
      const { encoding, channels, sampleRate, bits } = format;
      // 0xfffe is WAVE_FORMAT_EXTENSIBLE, the long form of the header, which many programs write.
      if ((encoding === 1 || encoding === 0xfffe) && bits === 16)
        return { sampleRate, channels, samples: body };
      throw new UsageError(`${path}: expected 16-bit PCM`);
    }
    // Chunks begin at even positions.
    at += 8 + byteCount + (byteCount % 2);
  }
  throw new UsageError(`${path}: there is no audio in it`);
}
