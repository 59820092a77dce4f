import { UserError } from '../errors.ts';

/** Text, or where the bytes stop being UTF-8. */
export type DecodedText =
  | { readonly text: string }
  | {
      /** The position of the first invalid byte, the column in characters, from 1, in the text before it. */
      readonly line: number;
      readonly column: number;
      /** What was expected, and what it may be instead. */
      readonly fault: string;
    };

/** Decodes UTF-8 strictly: a byte order mark is dropped, and invalid bytes are a fault. */
export function decodeUtf8(bytes: Uint8Array): DecodedText {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return { line: 1, column: 1, fault: 'expected UTF-8, got UTF-16: save it as UTF-8' };
  }
  const text = decoded(bytes, false);
  if (text !== undefined) return { text };
  // The longest prefix that may still become valid: anything longer has an invalid byte in it.
  let [good, bad] = [0, bytes.length + 1];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (decoded(bytes.subarray(0, middle), true) === undefined) bad = middle;
    else good = middle;
  }
  const before = decoded(bytes.subarray(0, good), true) ?? '';
  const lines = before.split('\n');
  // The first byte of an invalid sequence, which need not be the byte that shows it.
  const byte = good === bytes.length ? undefined : bytes[Buffer.byteLength(before) + markOf(bytes)];
  const got = byte === undefined ? 'the end in the middle of a character' : `the byte 0x${byte.toString(16)}`;
  return {
    line: lines.length,
    column: Array.from(lines.at(-1) ?? '').length + 1,
    fault: `expected UTF-8, got ${got}: save it as UTF-8 (is it Windows-1252 or Latin-1?)`,
  };
}

/** @throws UserError with the place of the first byte that is not UTF-8 */
export function utf8Of(bytes: Uint8Array, path: string): string {
  const found = decodeUtf8(bytes);
  if ('text' in found) return found.text;
  throw new UserError(found.fault, { file: path, line: found.line, column: found.column });
}

/** The bytes of a byte order mark. */
function markOf([first, second, third]: Uint8Array): number {
  return first === 0xef && second === 0xbb && third === 0xbf ? 3 : 0;
}

/** @param isPart whether it may end in the middle of a character */
function decoded(bytes: Uint8Array, isPart: boolean): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isPart });
  } catch {
    return undefined;
  }
}
