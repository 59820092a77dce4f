import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { bytesPerSample } from '../../audio/format.ts';
import { LONGEST_HEAD_BYTES, readRiff } from '../../audio/riff.ts';

/** How much audio is in a file. */
export interface Recording {
  readonly durationMs: number;
  /** The bytes of the samples only. */
  readonly byteCount: number;
}

/** The audio in a WAVE file, read from its header; undefined for other files and for an empty one. */
export function recordingOf(path: string): Recording | undefined {
  const head = Buffer.alloc(LONGEST_HEAD_BYTES);
  const file = openSync(path, 'r');
  try {
    const riff = readRiff(head.subarray(0, readSync(file, head, 0, head.length, 0)));
    if (riff.kind !== 'format') return undefined;
    const byteCount = Math.min(riff.dataBytes, fstatSync(file).size - riff.dataAt);
    const { encoding, sampleRate, channels } = riff.format;
    const durationMs = (byteCount / (bytesPerSample(encoding) * channels * sampleRate)) * 1000;
    return durationMs > 0 ? { durationMs, byteCount } : undefined;
  } finally {
    closeSync(file);
  }
}
