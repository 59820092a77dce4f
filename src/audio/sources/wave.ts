import { bytesPerSample, type AudioFormat } from '../format.ts';
import { readRiff } from '../riff.ts';
import type { SourceChunk } from '../source.ts';
import { joined, pcmChunks } from './pcm.ts';
import { problem } from './problem.ts';

/**
 * The samples of a WAVE body as they arrive. It may be longer than memory, endless, or cut off anywhere; half a sample
 * at its end is dropped.
 *
 * @param where the body's name in messages
 * @throws SourceError `unsupported` if the header is damaged or incomplete, or names an unsupported codec
 */
export async function* decodeWave(
  body: AsyncIterable<Uint8Array>,
  where: string,
): AsyncGenerator<SourceChunk, void, void> {
  let data: Data | undefined;
  let rest: Uint8Array = new Uint8Array(0);
  for await (const bytes of body) {
    rest = joined(rest, bytes);
    data ??= dataOf(rest, where);
    if (data === undefined) continue;
    if (data.skipBytes > 0) rest = rest.subarray(data.skipBytes);
    const available = Math.min(rest.length, data.leftBytes);
    const whole = available - (available % data.frameBytes);
    yield* pcmChunks(data.format, rest.subarray(0, whole));
    rest = rest.slice(whole);
    data = { ...data, skipBytes: 0, leftBytes: data.leftBytes - whole };
    if (data.leftBytes < data.frameBytes) return;
  }
  if (data === undefined) throw problem('unsupported', `the WAV of ${where} ends within its header`);
}

interface Data {
  readonly format: AudioFormat;
  /** The size of one sample in all channels. */
  readonly frameBytes: number;
  readonly skipBytes: number;
  readonly leftBytes: number;
}

function dataOf(head: Uint8Array, where: string): Data | undefined {
  const read = readRiff(head);
  if (read.kind === 'more') return undefined;
  if (read.kind === 'bad') throw problem('unsupported', `the WAV of ${where} cannot be read: ${read.reason}`);
  const { format, dataAt, dataBytes } = read;
  return {
    format,
    frameBytes: bytesPerSample(format.encoding) * format.channels,
    skipBytes: dataAt,
    leftBytes: dataBytes,
  };
}
