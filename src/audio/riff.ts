import { SAMPLE_RATES, type AudioFormat, type SampleEncoding } from './format.ts';

/** What the beginning of a RIFF/WAVE stream says. */
export type RiffHead =
  /** Not enough bytes yet to tell. */
  | { readonly kind: 'more' }
  /** The samples begin at byte `dataAt`, and are so many bytes: without an end where the header does not know. */
  | {
      readonly kind: 'format';
      readonly format: AudioFormat;
      readonly dataAt: number;
      readonly dataBytes: number;
    }
  | { readonly kind: 'bad'; readonly reason: string };

/** A header longer than this is refused everywhere: nobody writes one, and what waits for more must have a limit. */
export const LONGEST_HEAD_BYTES = 65_536;

/** Chunks before the samples; more are refused, because a header that comes byte by byte is walked through each time. */
export const MOST_CHUNKS = 64;

/** More channels are refused: nobody has so many, and a sample of all of them has to be kept until it is whole. */
export const MOST_CHANNELS = 64;

const PCM = 1;
const FLOAT = 3;
const ALAW = 6;
const MULAW = 7;
const EXTENSIBLE = 0xfffe;

/** RF64 and BW64 are RIFF with sizes of 64 bits, in a chunk of their own. */
const FORMS: readonly string[] = ['RIFF', 'RF64', 'BW64'];
/** Sizes that writers put in a header before they know better: the samples end where the stream does. */
const UNKNOWN_SIZES: readonly number[] = [0, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];
/** The size of a chunk that says it is elsewhere (RF64). */
const ELSEWHERE = 0xffff_ffff;

/** Chunks that are found in WAVE files, to tell whether an odd one before them is padded, as it should be. */
const CHUNKS: readonly string[] = [
  ...['fmt ', 'data', 'LIST', 'fact', 'bext', 'JUNK', 'junk', 'PEAK', 'cue ', 'smpl', 'inst', 'iXML', 'ds64'],
  ...['id3 ', 'ID3 ', 'PAD ', 'FLLR', 'minf', 'elm1', 'regn', 'umid', 'DISP', 'afsp', 'axml', 'chna', 'plst'],
  ...['acid', 'strc', 'cart', '_PMX', 'levl', 'LGWV', 'wavl', 'slnt', 'note', 'labl', 'ltxt', 'SNDM', 'INFO'],
];
/** The bytes of a chunk's name and size. */
const CHUNK_HEAD = 8;

/**
 * Reads the header of a WAVE stream from all the bytes that have come so far. wav-decoder wants the whole
 * file at once; a live stream has no end, and its header may be cut anywhere.
 */
export function readRiff(head: Uint8Array): RiffHead {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head.length < 12) return { kind: 'more' };
  if (!FORMS.includes(tagAt(head, 0)) || tagAt(head, 8) !== 'WAVE') {
    return bad('it does not begin with RIFF and WAVE');
  }
  let format: AudioFormat | undefined;
  let longSize: number | undefined;
  let at = 12;
  let chunks = 0;
  // Every turn moves on by at least the eight bytes of a chunk's head, so the loop ends with the bytes.
  while (at + CHUNK_HEAD <= head.length) {
    chunks += 1;
    const name = tagAt(head, at);
    if (chunks > MOST_CHUNKS && name !== 'data') return bad(`no data chunk among the first ${MOST_CHUNKS}`);
    const size = view.getUint32(at + 4, true);
    const bodyAt = at + CHUNK_HEAD;
    if (name === 'data') {
      if (format === undefined) return bad('the data chunk comes before the fmt chunk');
      const given = size === ELSEWHERE && longSize !== undefined ? longSize : size;
      return {
        kind: 'format',
        format,
        dataAt: bodyAt,
        dataBytes: UNKNOWN_SIZES.includes(given) ? Infinity : given,
      };
    }
    if (name === 'fmt ') {
      if (size < 16) return bad(`the fmt chunk has ${size} bytes, and 16 is the least`);
      if (bodyAt + Math.min(size, 26) > head.length) break;
      const read = readFormat(view, bodyAt, size);
      if (typeof read === 'string') return bad(read);
      format = read;
    }
    if (name === 'ds64') {
      if (size < 16) return bad(`the ds64 chunk has ${size} bytes, and 28 is the least`);
      if (bodyAt + 16 > head.length) break;
      longSize = Number(view.getBigUint64(bodyAt + 8, true));
    }
    if (bodyAt + size > LONGEST_HEAD_BYTES)
      return bad(`no data chunk in the first ${LONGEST_HEAD_BYTES} bytes`);
    const next = nextChunkAt(head, bodyAt + size, size);
    if (next === undefined) break;
    at = next;
  }
  return { kind: 'more' };
}

/**
 * Where the chunk behind one of `size` bytes begins, which ends at `endAt`; undefined when that cannot be told yet. Chunks
 * are padded to an even size, but some writers forget it.
 */
export function nextChunkAt(bytes: Uint8Array, endAt: number, size: number): number | undefined {
  if (size % 2 === 0) return endAt;
  if (bytes.length < endAt + 5) return undefined;
  if (isChunkName(tagAt(bytes, endAt + 1))) return endAt + 1;
  return isChunkName(tagAt(bytes, endAt)) ? endAt : endAt + 1;
}

/** Whether it is the name of a chunk that WAVE files have. */
export function isChunkName(name: string): boolean {
  return CHUNKS.includes(name);
}

/** Four bytes as text. */
export function tagAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
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
  if (channels > MOST_CHANNELS) return `it has ${channels} channels, and ${MOST_CHANNELS} is the most`;
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

function bad(reason: string): RiffHead {
  return { kind: 'bad', reason };
}
