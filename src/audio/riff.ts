import { SAMPLE_RATES, type AudioFormat, type SampleEncoding } from './format.ts';

/** What the beginning of a RIFF/WAVE stream says. */
export type RiffHead =
  /** Not enough bytes yet to tell. */
  | { readonly kind: 'more' }
  /** The samples begin at byte `dataAt`. */
  | { readonly kind: 'format'; readonly format: AudioFormat; readonly dataAt: number }
  | { readonly kind: 'bad'; readonly reason: string };

/** A header longer than this is refused: nobody writes one, and what waits for more must have a limit. */
export const LONGEST_HEAD_BYTES = 65_536;

const PCM = 1;
const FLOAT = 3;
const ALAW = 6;
const MULAW = 7;
const EXTENSIBLE = 0xfffe;

/**
 * Reads the header of a WAVE stream from all the bytes that have come so far. wav-decoder wants the whole
 * file at once; a live stream has no end, and its header may be cut anywhere.
 */
export function readRiff(head: Uint8Array): RiffHead {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head.length < 12) return { kind: 'more' };
  if (tag(view, 0) !== 'RIFF' || tag(view, 8) !== 'WAVE') return bad('it does not begin with RIFF and WAVE');
  let format: AudioFormat | undefined;
  let at = 12;
  // Every turn moves on by at least the eight bytes of a chunk's head, so the loop ends with the bytes.
  while (at + 8 <= head.length) {
    const name = tag(view, at);
    const size = view.getUint32(at + 4, true);
    const bodyAt = at + 8;
    if (name === 'data') {
      return format === undefined
        ? bad('the data chunk comes before the fmt chunk')
        : { kind: 'format', format, dataAt: bodyAt };
    }
    if (name === 'fmt ') {
      if (size < 16) return bad(`the fmt chunk has ${size} bytes, and 16 is the least`);
      if (bodyAt + Math.min(size, 26) > head.length) break;
      const read = readFormat(view, bodyAt, size);
      if (typeof read === 'string') return bad(read);
      format = read;
    }
    // Chunks are padded to an even size.
    at = bodyAt + size + (size % 2);
    if (at > LONGEST_HEAD_BYTES) return bad(`no data chunk in the first ${LONGEST_HEAD_BYTES} bytes`);
  }
  return { kind: 'more' };
}

function readFormat(view: DataView, at: number, size: number): AudioFormat | string {
  const channels = view.getUint16(at + 2, true);
  const sampleRate = view.getUint32(at + 4, true);
  const bits = view.getUint16(at + 14, true);
  const plain = view.getUint16(at, true);
  // An extensible header names the real format in the first two bytes of its sub-format.
  const format = plain === EXTENSIBLE && size >= 26 ? view.getUint16(at + 24, true) : plain;
  const encoding = encodingOf(format, bits);
  if (encoding === undefined)
    return `WAVE format ${format} with ${bits} bits is not one that is decoded here`;
  if (channels === 0) return 'it has no channels';
  if (sampleRate < SAMPLE_RATES.lowest || sampleRate > SAMPLE_RATES.highest) {
    return `a sample rate of ${sampleRate} Hz is out of range`;
  }
  return { encoding, sampleRate, channels };
}

function encodingOf(format: number, bits: number): SampleEncoding | undefined {
  if (format === PCM) {
    return ({ 8: 'u8', 16: 's16le', 24: 's24le', 32: 's32le' } as const)[bits];
  }
  if (format === FLOAT && bits === 32) return 'f32le';
  if (format === MULAW && bits === 8) return 'mulaw';
  if (format === ALAW && bits === 8) return 'alaw';
  return undefined;
}

function tag(view: DataView, at: number): string {
  return String.fromCharCode(
    view.getUint8(at),
    view.getUint8(at + 1),
    view.getUint8(at + 2),
    view.getUint8(at + 3),
  );
}

function bad(reason: string): RiffHead {
  return { kind: 'bad', reason };
}
