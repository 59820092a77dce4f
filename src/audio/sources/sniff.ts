import { CONTAINER_HEAD_BYTES, containerOf } from '../container.ts';
import { FRAME_HEAD_BYTES, frameAt, id3Length } from './mpeg-frame.ts';
import { joined } from './pcm.ts';

/** The kind of a body. */
export type Sniffed =
  | { readonly kind: 'wav' | 'mp3' | 'hls' }
  /** A kind that is not played here. `media`: it is audio or video, but of another kind. */
  | { readonly kind: 'other'; readonly name: string; readonly media: boolean };

/** At most this many bytes are examined: two of the longest frames, after a short tag. */
const MOST_BYTES = 16_384;

/** An undecided body is examined again when it has grown by this factor. */
const LOOK_AGAIN = 1.125;

/** Enough to distinguish text from anything else. */
const TEXT_BYTES = 64;

/**
 * The kind of a body by its first bytes, and if they do not decide, by its content type. `more`: the bytes so far do
 * not decide, and there are more to come.
 */
export function sniff(head: Uint8Array, contentType: string | undefined, ended: boolean): Sniffed | 'more' {
  const full = ended || head.length >= MOST_BYTES;
  if (head.length < CONTAINER_HEAD_BYTES && !full) return 'more';
  if (head.length === 0) return other('empty');
  const text = textAt(head, 0);
  if (/^\uFEFF?#EXTM3U/.test(text)) return { kind: 'hls' };
  const tagBytes = id3Length(head, 0);
  // Other codecs also follow an ID3 tag; a tag with a picture is too long to wait for.
  if (tagBytes + CONTAINER_HEAD_BYTES > head.length && tagBytes > 0) {
    return full || tagBytes + CONTAINER_HEAD_BYTES > MOST_BYTES ? { kind: 'mp3' } : 'more';
  }
  const container = tagBytes === 0 ? containerOf(head) : containerOf(head.subarray(tagBytes));
  if (container === 'WAV') return { kind: 'wav' };
  if (container !== undefined && container !== 'MP3') return media(container);
  const frame = frameAt(head, tagBytes, full);
  if (frame === 'more') return 'more';
  if (frame !== undefined) return { kind: 'mp3' };
  if (isAdts(head, tagBytes)) return media('AAC (ADTS)');
  if (tagBytes > 0) return { kind: 'mp3' };
  return byContent(head, essence(contentType), full);
}

/** Determines the kind of a body by its `head`; `all` returns it from its first byte. */
export async function sniffBody(
  body: AsyncGenerator<Uint8Array, void, void>,
  contentType: string | undefined,
): Promise<{
  readonly sniffed: Sniffed;
  readonly head: Uint8Array;
  readonly all: AsyncGenerator<Uint8Array, void, void>;
}> {
  let head: Uint8Array = new Uint8Array(0);
  let sniffed: Sniffed | 'more' = 'more';
  let enough = 0;
  while (sniffed === 'more') {
    const piece = await body.next();
    if (piece.done !== true) head = joined(head, piece.value);
    if (piece.done !== true && head.length < enough) continue;
    sniffed = sniff(head, contentType, piece.done === true);
    // Not at every byte of a body that arrives byte by byte: everything before would be searched again.
    enough = Math.min(MOST_BYTES, Math.ceil(head.length * LOOK_AGAIN));
  }
  return { sniffed, head, all: chained(head, body) };
}

async function* chained(
  head: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
  if (head.length > 0) yield head;
  yield* rest;
}

/** A body with none of the signatures: text, a transport stream, or MP3 that begins within a frame. */
function byContent(head: Uint8Array, type: string, full: boolean): Sniffed | 'more' {
  if (head.length < TEXT_BYTES && !full) return 'more';
  if (head[0] === 0x47) {
    if (head.length <= 2 * TS_PACKET_BYTES && !full) return 'more';
    const at = [1, 2].map((packets) => packets * TS_PACKET_BYTES).filter((start) => start < head.length);
    if (at.length > 0 && at.every((start) => head[start] === 0x47)) return media('an MPEG transport stream');
  }
  if (isText(head)) return other(textKind(textAt(head, 0).trimStart(), type));
  if (head[0] === 0x1f && head[1] === 0x8b) return other('compressed with gzip');
  if (MP3_TYPES.includes(type)) return frameWithin(head, full);
  return media(NAMED_BY_TYPE.get(type) ?? 'data of an unknown kind');
}

function textKind(text: string, type: string): string {
  if (type === 'text/html' || /^(<!doctype html|<html|<head|<body)/i.test(text)) return 'an HTML page';
  if (text.startsWith('<')) return 'an XML document';
  return /^[[{]/.test(text) ? 'JSON' : 'text';
}

/** A stream that is joined while it runs begins in the middle of a frame. */
function frameWithin(head: Uint8Array, full: boolean): Sniffed | 'more' {
  for (let at = 1; at + FRAME_HEAD_BYTES <= head.length; at += 1) {
    const frame = frameAt(head, at, full);
    if (frame === 'more') return 'more';
    if (frame !== undefined) return { kind: 'mp3' };
  }
  return full ? media('data of an unknown kind, not MP3 as its content type says') : 'more';
}

function isAdts(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xff && ((bytes[at + 1] ?? 0) & 0xf6) === 0xf0;
}

function textAt(bytes: Uint8Array, at: number): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(at, at + TEXT_BYTES));
}

/** No control characters except white space. Bytes above ASCII may be letters in any encoding. */
function isText(bytes: Uint8Array): boolean {
  return bytes.subarray(0, TEXT_BYTES).every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d));
}

function essence(contentType: string | undefined): string {
  return (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

const TS_PACKET_BYTES = 188;

const MP3_TYPES: readonly string[] = ['audio/mpeg', 'audio/mp3', 'audio/x-mp3', 'audio/mpeg3'];

const NAMED_BY_TYPE: ReadonlyMap<string, string> = new Map([
  ['audio/aac', 'AAC'],
  ['audio/aacp', 'AAC'],
  ['audio/ogg', 'OGG'],
  ['audio/flac', 'FLAC'],
  ['audio/webm', 'WebM'],
  ['audio/mp4', 'MP4'],
  ['video/mp4', 'MP4'],
  ['video/mp2t', 'an MPEG transport stream'],
]);

function other(name: string): Sniffed {
  return { kind: 'other', name, media: false };
}

function media(name: string): Sniffed {
  return { kind: 'other', name, media: true };
}
