import { SAMPLE_RATES, type AudioFormat, type SampleEncoding } from './format.ts';

/** The result of parsing the beginning of a RIFF/WAVE stream. */
export type RiffHead =
  /** Not enough bytes yet to decide. */
  | { readonly kind: 'more' }
  /** The samples begin at byte `dataAt` and have this many bytes: infinitely many if the header does not know. */
  | {
      readonly kind: 'format';
      readonly format: AudioFormat;
      readonly dataAt: number;
      readonly dataBytes: number;
    }
  | { readonly kind: 'bad'; readonly reason: string };

/** A longer header is refused everywhere: none occurs in practice, and waiting for more needs a limit. */
export const LONGEST_HEAD_BYTES = 65_536;

/**
 * The maximum number of chunks before the samples, because a header that arrives byte by byte is parsed again each
 * time.
 */
export const MOST_CHUNKS = 64;

/**
 * More channels are refused: none occur in practice, and a sample of all of them has to be buffered until it is
 * complete.
 */
export const MOST_CHANNELS = 64;

const PCM = 1;
const FLOAT = 3;
const ALAW = 6;
const MULAW = 7;
const EXTENSIBLE = 0xfffe;

/** RF64 and BW64 are RIFF with 64-bit sizes in a separate chunk. */
const FORMS: readonly string[] = ['RIFF', 'RF64', 'BW64'];
/** Sizes that writers put in a header before they know the real one: the samples end where the stream does. */
const UNKNOWN_SIZES: readonly number[] = [0, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];
/** The size of a chunk whose real size is given elsewhere (RF64). */
const ELSEWHERE = 0xffff_ffff;

/** Chunks that occur in WAVE files, used to decide whether an odd chunk before them is padded, as it should be. */
const CHUNKS: readonly string[] = [
  ...['fmt ', 'data', 'LIST', 'fact', 'bext', 'JUNK', 'junk', 'PEAK', 'cue ', 'smpl', 'inst', 'iXML', 'ds64'],
  ...['id3 ', 'ID3 ', 'PAD ', 'FLLR', 'minf', 'elm1', 'regn', 'umid', 'DISP', 'afsp', 'axml', 'chna', 'plst'],
  ...['acid', 'strc', 'cart', '_PMX', 'levl', 'LGWV', 'wavl', 'slnt', 'note', 'labl', 'ltxt', 'SNDM', 'INFO'],
];
/** The bytes of a chunk's name and size. */
const CHUNK_HEAD = 8;

/**
 * Parses the header of a WAVE stream from all bytes received so far. wav-decoder needs the whole file at once, but a
 * live stream has no end, and its header may be split anywhere.
 */
export function readRiff(head: Uint8Array): RiffHead {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head.length < 12) return { kind: 'more' };
  if (tagAt(head, 0) === 'RIFX') return bad('it is RIFX, with big-endian numbers; only RIFF is read');
  if (!FORMS.includes(tagAt(head, 0)) || tagAt(head, 8) !== 'WAVE') {
    return bad('it does not begin with RIFF and WAVE');
  }
  let format: AudioFormat | undefined;
  let longSize: number | undefined;
  let at = 12;
  let chunks = 0;
  // Each iteration advances by at least the eight bytes of a chunk's head, so the loop ends with the bytes.
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
      if (size < 16) return bad(`the fmt chunk has ${size} bytes, at least 16 are expected`);
      if (bodyAt + Math.min(size, 26) > head.length) break;
      const read = readFormat(view, bodyAt, size);
      if (typeof read === 'string') return bad(read);
      format = read;
    }
    if (name === 'ds64') {
      if (size < 16) return bad(`the ds64 chunk has ${size} bytes, at least 28 are expected`);
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
 * Where the chunk after one of `size` bytes that ends at `endAt` begins; undefined if that cannot be decided yet.
 * Chunks are padded to an even size, but some writers forget it.
 */
function nextChunkAt(bytes: Uint8Array, endAt: number, size: number): number | undefined {
  if (size % 2 === 0) return endAt;
  if (bytes.length < endAt + 5) return undefined;
  if (isChunkName(tagAt(bytes, endAt + 1))) return endAt + 1;
  return isChunkName(tagAt(bytes, endAt)) ? endAt : endAt + 1;
}

/** Whether this is the name of a chunk that occurs in WAVE files. */
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
  const blockBytes = view.getUint16(at + 12, true);
  const bits = view.getUint16(at + 14, true);
  const plain = view.getUint16(at, true);
  // An extensible header names the real format in the first two bytes of its sub-format.
  const format = plain === EXTENSIBLE && size >= 26 ? view.getUint16(at + 24, true) : plain;
  const encoding = encodingOf(format, bits);
  if (encoding === undefined) return `WAVE format ${format} with ${bits} bits is not supported`;
  // Programs disagree about this format: some use the upper three bytes, some the lower three, and one a float.
  if (bits === 24 && channels > 0 && blockBytes === 4 * channels)
    return 'it has samples of 24 bits in 4 bytes, which can mean several things';
  if (channels === 0) return 'it has no channels';
  if (channels > MOST_CHANNELS) return `it has ${channels} channels; at most ${MOST_CHANNELS} are read`;
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
