import { unmask } from './unmask.ts';

/** The opcodes of RFC 6455, section 5.2. */
export const OPCODES = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** The codes that a peer may put into a Close frame (RFC 6455, 7.4), in words; `ws` refuses all others. */
export const CLOSE_CODES = '1000 to 1003, 1007 to 1014 or 3000 to 4999';
/** A Close frame holds 125 bytes including its code (RFC 6455, 5.5). */
export const LONGEST_REASON_BYTES = 123;

/** Whether a peer may put a number into a Close frame as its code. */
export function isCloseCode(code: number): boolean {
  const isOfProtocol = (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014);
  return Number.isInteger(code) && (isOfProtocol || (code >= 3000 && code <= 4999));
}

/** A frame, valid or not. */
export interface RawFrame {
  /** 0 to 15; 3 to 7 and 11 to 15 are undefined, and an error to every peer. */
  readonly opcode: number;
  readonly payload: Uint8Array;
  /** Whether this is the last frame of its message (true). */
  readonly fin?: boolean;
  /** Whether the message that it begins is compressed (RFC 7692, 6). */
  readonly compressed?: boolean;
  /** A server must not mask its frames (RFC 6455, 5.1); for testing that a client notices. */
  readonly mask?: Uint8Array;
}

/** Encodes a frame by hand, because a library refuses to write an invalid one. The payload itself is not changed. */
export function encodeFrame({ opcode, payload, fin = true, compressed = false, mask }: RawFrame): Uint8Array {
  const { length } = payload;
  const headBytes = headBytesFor(length);
  const payloadAt = headBytes + (mask?.length ?? 0);
  const bytes = Buffer.allocUnsafe(payloadAt + length);
  bytes[0] = (fin ? 0x80 : 0) | (compressed ? 0x40 : 0) | (opcode & 0x0f);
  writeLength(bytes, length, headBytes);
  bytes.set(payload, payloadAt);
  if (mask === undefined) return bytes;
  bytes[1] = (bytes[1] ?? 0) | 0x80;
  bytes.set(mask, headBytes);
  // Masking again is unmasking.
  unmask(bytes.subarray(payloadAt), mask);
  return bytes;
}

/**
 * A server's text message in one buffer: `ws` would write the head and the text separately, and each write costs a
 * buffer.
 */
export function encodeText(text: string): Uint8Array {
  const length = Buffer.byteLength(text);
  const headBytes = headBytesFor(length);
  const bytes = Buffer.allocUnsafe(headBytes + length);
  bytes[0] = 0x80 | OPCODES.text;
  writeLength(bytes, length, headBytes);
  // Nearly all text is ASCII, for which there is a faster way.
  bytes.write(text, headBytes, length === text.length ? 'latin1' : 'utf8');
  return bytes;
}

/** The length of the head of an unmasked frame with a payload of this length. */
function headBytesFor(length: number): number {
  return length < 126 ? 2 : length < 65_536 ? 4 : 10;
}

/** Writes the length of the payload into a head of this many bytes. */
function writeLength(bytes: Buffer, length: number, headBytes: number): void {
  bytes[1] = headBytes === 2 ? length : headBytes === 4 ? 126 : 127;
  if (headBytes === 4) bytes.writeUInt16BE(length, 2);
  if (headBytes === 10) bytes.writeBigUInt64BE(BigInt(length), 2);
}

/** A Close frame with any code, including one that must never be sent. */
export function encodeClose(code: number, reason = ''): Uint8Array {
  const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
  payload.writeUInt16BE(code, 0);
  payload.write(reason, 2);
  return encodeFrame({ opcode: OPCODES.close, payload });
}
