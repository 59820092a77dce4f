import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { codeOf, messageOf } from './errors.ts';

/** The result of removing a body's content encodings; `why` is for people. */
export type DecodedBody =
  | { readonly kind: 'decoded'; readonly bytes: Uint8Array }
  /** An unknown encoding: the bytes are unchanged. */
  | { readonly kind: 'unknown'; readonly why: string; readonly bytes: Uint8Array }
  | { readonly kind: 'damaged'; readonly why: string }
  | { readonly kind: 'too-long'; readonly why: string };

interface Coding {
  readonly encode: (bytes: Uint8Array) => Uint8Array;
  readonly decode: (bytes: Uint8Array, limits: { readonly maxOutputLength: number }) => Uint8Array;
  /** Creates a decoder for data that comes in pieces, of which this is the first. */
  readonly decoder: (first: Uint8Array) => Transform;
}

const GZIP: Coding = { encode: zlib.gzipSync, decode: zlib.gunzipSync, decoder: () => zlib.createGunzip() };

/** Some servers send zlib as they should, and some raw deflate; real clients accept both. */
const DEFLATE: Coding = {
  encode: zlib.deflateSync,
  decode: (bytes, limits) => (isZlib(bytes) ? zlib.inflateSync : zlib.inflateRawSync)(bytes, limits),
  decoder: (first) => (isZlib(first) ? zlib.createInflate() : zlib.createInflateRaw()),
};

const BROTLI: Coding = {
  encode: zlib.brotliCompressSync,
  decode: zlib.brotliDecompressSync,
  decoder: () => zlib.createBrotliDecompress(),
};

/** Part of newer versions of Node.js, and so not of the types of the oldest one that this runs on. */
interface WithZstd {
  readonly zstdCompressSync: Coding['encode'];
  readonly zstdDecompressSync: Coding['decode'];
  readonly createZstdDecompress: () => Transform;
}

/** The header of a frame of RFC 8878, whose content is missing. */
const CUT_FRAME = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x20, 0x02);

function zstdOf({
  zstdCompressSync: encode,
  zstdDecompressSync: decode,
  createZstdDecompress: decoder,
}: Partial<WithZstd>): readonly [string, Coding][] {
  if (encode === undefined || decode === undefined || decoder === undefined) return [];
  try {
    // Node.js 22 accepts truncated data as complete, and it is better not to read a body than to judge it by that.
    decode(CUT_FRAME, { maxOutputLength: 2 });
    return [];
  } catch {
    return [['zstd', { encode, decode, decoder }]];
  }
}

/** Of RFC 9110, 8.4.1, RFC 7932 and RFC 8878. */
const CODINGS: ReadonlyMap<string, Coding> = new Map([
  ['gzip', GZIP],
  ['x-gzip', GZIP],
  ['deflate', DEFLATE],
  ['br', BROTLI],
  ...zstdOf(zlib as object),
]);

/** No one compresses a body more often, and each time costs as much as the limit of the result. */
const MOST_CODINGS = 4;

/**
 * The encodings named in the header Content-Encoding, in lower case and in the order in which they were applied;
 * `identity` is omitted.
 */
export function codingsOf(contentEncoding: string | undefined): readonly string[] {
  return (contentEncoding ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity');
}

/** Why a body with these encodings cannot be read, in words; undefined if it can. */
export function unknownCoding(codings: readonly string[]): string | undefined {
  if (codings.length > MOST_CODINGS) {
    return `content-encoding: ${codings.length} codings; at most ${MOST_CODINGS} are decoded`;
  }
  const unknown = codings.find((name) => !CODINGS.has(name));
  if (unknown === undefined) return undefined;
  return `content-encoding: ${shown(unknown)} is not known here; ${[...CODINGS.keys()].join(', ')} are`;
}

/**
 * Removes the encodings of a complete body. Never throws, whatever the bytes are, and never produces more than the
 * limit.
 *
 * @param contentEncoding the header, if there was one
 * @param limitBytes of the decoded body, at least 1
 */
export function decodeContent(
  bytes: Uint8Array,
  contentEncoding: string | undefined,
  limitBytes: number,
): DecodedBody {
  const codings = codingsOf(contentEncoding);
  const unknown = unknownCoding(codings);
  // An answer without a body may still name an encoding, as in answer to a HEAD.
  if (bytes.length === 0) return { kind: 'decoded', bytes };
  if (unknown !== undefined) return { kind: 'unknown', why: unknown, bytes };
  let decoded = bytes;
  for (const name of codings.toReversed()) {
    try {
      decoded = CODINGS.get(name)?.decode(decoded, { maxOutputLength: limitBytes }) ?? decoded;
    } catch (error) {
      if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') {
        return {
          kind: 'too-long',
          why: `content-encoding: decoded (${name}) it is longer than ${limitBytes} bytes`,
        };
      }
      return { kind: 'damaged', why: `content-encoding: the body is not ${name} (${messageOf(error)})` };
    }
  }
  return { kind: 'decoded', bytes: decoded };
}

/** A body with the encodings that the header names; undefined if one of them is unknown. */
export function encodeContent(
  bytes: Uint8Array,
  contentEncoding: string | undefined,
): Uint8Array | undefined {
  const codings = codingsOf(contentEncoding);
  if (unknownCoding(codings) !== undefined) return undefined;
  return codings.reduce((encoded, name) => CODINGS.get(name)?.encode(encoded) ?? encoded, bytes);
}

/** A decoder for a known encoding, which takes the bytes as they come, of which these are the first. */
export function decoderOf(coding: string, first: Uint8Array): Transform | undefined {
  return CODINGS.get(coding)?.decoder(first);
}

/** RFC 1950, 2.2: the method is 8, and the two bytes are a multiple of 31. Raw deflate never begins like that. */
function isZlib([method = 0, flags]: Uint8Array): boolean {
  return (method & 0x0f) === 8 && (flags === undefined || (method * 256 + flags) % 31 === 0);
}

/** A server may write anything there. */
const LONGEST_NAME = 40;

function shown(name: string): string {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
}
