import { createHash } from 'node:crypto';
import type { Peer, TraceFact } from './trace.ts';

type BinaryFact = Extract<TraceFact, { kind: 'binary' }>;

/**
 * A binary message of at most this many bytes is kept if it is text: it may be a command that was sent as the wrong
 * type.
 */
export const MOST_TEXT_BYTES = 256;

/** Every command contains a word of at least four letters; a single sample may look like two letters. */
const WORD = /[a-z]{4}/i;
const CONTROL = /[^\P{Cc}\t\n\r]/u;

/** What a trace keeps of a binary message: its length and a hash; also the bytes, if requested or if they are text. */
export function binaryFact(from: Peer, bytes: Uint8Array, keepBytes: boolean): BinaryFact {
  return {
    kind: 'binary',
    from,
    byteCount: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex').slice(0, 16),
    ...(keepBytes || textIn(bytes) !== undefined ? { base64: bufferOf(bytes).toString('base64') } : {}),
  };
}

/**
 * The text in a binary message; undefined if it is longer than MOST_TEXT_BYTES, or may be audio. The bytes of speech
 * and silence are not UTF-8, or are control characters.
 */
export function textIn(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0 || bytes.length > MOST_TEXT_BYTES) return undefined;
  const text = bufferOf(bytes).toString();
  // Invalid UTF-8 is decoded to this character.
  return WORD.test(text) && !CONTROL.test(text) && !text.includes('\uFFFD') ? text : undefined;
}

/** The text of a binary message in a trace, if its bytes were kept and are text. */
export function textOfBinary({ base64 }: BinaryFact): string | undefined {
  return base64 === undefined ? undefined : textIn(Buffer.from(base64, 'base64'));
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
