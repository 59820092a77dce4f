import { bytesPerSample, type AudioFormat } from '../format.ts';
import type { SourceChunk } from '../source.ts';

/** The longest PCM chunk, so that the reader can stop, pace and measure in small steps. */
const CHUNK_MS = 100;

/** Splits samples into chunks of at most CHUNK_MS. `bytes` has whole samples of every channel. */
export function* pcmChunks(format: AudioFormat, bytes: Uint8Array): Generator<SourceChunk, void, void> {
  const frameBytes = bytesPerSample(format.encoding) * format.channels;
  const stepBytes = Math.max(1, Math.floor((format.sampleRate * CHUNK_MS) / 1000)) * frameBytes;
  for (let at = 0; at < bytes.length; at += stepBytes) {
    const part = bytes.subarray(at, at + stepBytes);
    const durationMs = (part.length / frameBytes / format.sampleRate) * 1000;
    yield { kind: 'pcm', format, bytes: part, durationMs };
  }
}

/** `before` followed by `after`. */
export function joined(before: Uint8Array, after: Uint8Array): Uint8Array {
  if (before.length === 0) return after;
  const both = new Uint8Array(before.length + after.length);
  both.set(before);
  both.set(after, before.length);
  return both;
}
