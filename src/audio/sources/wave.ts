import { afterSamples } from '../after-samples.ts';
import { bytesPerSample, type AudioFormat } from '../format.ts';
import { readRiff } from '../riff.ts';
import type { SourceChunk } from '../source.ts';
import { joined, pcmChunks } from './pcm.ts';
import { problem } from './problem.ts';

/**
 * The samples of a WAVE body as they arrive. It may be longer than memory, endless, or cut off anywhere; half a sample
 * at its end is dropped. After the samples that its header has counted, the same may follow as on a socket.
 *
 * @param where the body's name in messages
 * @throws SourceError `unsupported` if the header is damaged or incomplete, or names an unsupported codec
 */
export async function* decodeWave(
  body: AsyncIterable<Uint8Array>,
  where: string,
): AsyncGenerator<SourceChunk, void, void> {
  let part: Part = { kind: 'head' };
  let rest: Uint8Array = new Uint8Array(0);
  for await (const bytes of body) {
    rest = joined(rest, bytes);
    // Ends because each part takes bytes, or waits for more.
    for (;;) {
      const next = nextPart(part, rest, where);
      if (next === undefined) break;
      if (next.samples !== undefined) yield* pcmChunks(next.samples.format, next.samples.bytes);
      part = next.part;
      rest = rest.subarray(next.takenBytes);
    }
    // A copy, so that the few remaining bytes do not keep the played ones in memory.
    rest = rest.slice();
  }
  if (part.kind === 'head' && part.before === undefined)
    throw problem('unsupported', `the WAV of ${where} ends within its header`);
}

/**
 * The samples of a whole WAVE file: the same as of a body, in as few pieces as there are.
 *
 * @throws SourceError like `decodeWave`
 */
export function* samplesOfWave(
  file: Uint8Array,
  where: string,
): Generator<{ readonly format: AudioFormat; readonly bytes: Uint8Array }, void, void> {
  let part: Part = { kind: 'head' };
  let rest = file;
  for (;;) {
    const next = nextPart(part, rest, where);
    if (next === undefined) return;
    if (next.samples !== undefined) yield next.samples;
    part = next.part;
    rest = rest.subarray(next.takenBytes);
  }
}

/** Where in a WAVE body the next bytes are. */
type Part =
  | { readonly kind: 'head'; readonly before?: Data }
  | { readonly kind: 'samples'; readonly data: Data }
  /** Behind the samples that the header has counted. */
  | { readonly kind: 'after'; readonly before: Data }
  | { readonly kind: 'chunk'; readonly leftBytes: number; readonly before: Data };

interface Next {
  readonly part: Part;
  readonly takenBytes: number;
  readonly samples?: { readonly format: AudioFormat; readonly bytes: Uint8Array };
}

/** How a part interprets the bytes, and the part that follows; undefined if it needs more bytes. */
function nextPart(part: Part, rest: Uint8Array, where: string): Next | undefined {
  switch (part.kind) {
    case 'head': {
      const read = dataOf(rest, where);
      if (read === undefined) return undefined;
      return { part: { kind: 'samples', data: read.data }, takenBytes: read.dataAt };
    }
    case 'samples': {
      const { data } = part;
      const { format, frameBytes, leftBytes } = data;
      const available = Math.min(rest.length, leftBytes);
      const whole = available - (available % frameBytes);
      if (whole === 0 && leftBytes >= frameBytes) return undefined;
      if (whole === 0) {
        // Half a sample at the end of the counted ones.
        if (rest.length < leftBytes) return undefined;
        return { part: { kind: 'after', before: data }, takenBytes: leftBytes };
      }
      const left = { ...data, leftBytes: leftBytes - whole };
      const bytes = rest.subarray(0, whole);
      return { part: { kind: 'samples', data: left }, takenBytes: whole, samples: { format, bytes } };
    }
    case 'after': {
      const { before } = part;
      const after = afterSamples(rest);
      switch (after.kind) {
        case 'more':
          return undefined;
        case 'stream':
          return { part: { kind: 'head', before }, takenBytes: after.at };
        case 'chunk':
          return { part: { kind: 'chunk', leftBytes: after.endAt, before }, takenBytes: 0 };
        case 'samples':
          return { part: { kind: 'samples', data: { ...before, leftBytes: Infinity } }, takenBytes: 0 };
      }
    }
    case 'chunk': {
      const { leftBytes, before } = part;
      const takenBytes = Math.min(leftBytes, rest.length);
      if (takenBytes === leftBytes) return { part: { kind: 'after', before }, takenBytes };
      if (takenBytes === 0) return undefined;
      return { part: { kind: 'chunk', leftBytes: leftBytes - takenBytes, before }, takenBytes };
    }
  }
}

interface Data {
  readonly format: AudioFormat;
  /** The size of one sample in all channels. */
  readonly frameBytes: number;
  readonly leftBytes: number;
}

function dataOf(head: Uint8Array, where: string): { data: Data; dataAt: number } | undefined {
  const read = readRiff(head);
  if (read.kind === 'more') return undefined;
  if (read.kind === 'bad') throw problem('unsupported', `the WAV of ${where} cannot be read: ${read.reason}`);
  const { format, dataAt, dataBytes } = read;
  const frameBytes = bytesPerSample(format.encoding) * format.channels;
  return { data: { format, frameBytes, leftBytes: dataBytes }, dataAt };
}
