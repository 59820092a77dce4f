/** The opcodes of RFC 6455, section 5.2. */
export const OPCODES = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

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

/** Encodes a frame by hand, because a library refuses to write an invalid one. */
export function encodeFrame({ opcode, payload, fin = true, compressed = false, mask }: RawFrame): Uint8Array {
  const { length } = payload;
  const lengthBytes = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const head = Buffer.alloc(2 + lengthBytes);
  head.writeUInt8((fin ? 0x80 : 0) | (compressed ? 0x40 : 0) | (opcode & 0x0f), 0);
  head.writeUInt8(
    (mask === undefined ? 0 : 0x80) | (lengthBytes === 0 ? length : lengthBytes === 2 ? 126 : 127),
    1,
  );
  if (lengthBytes === 2) head.writeUInt16BE(length, 2);
  if (lengthBytes === 8) head.writeBigUInt64BE(BigInt(length), 2);
  if (mask === undefined) return Buffer.concat([head, payload]);
  return Buffer.concat([head, mask, masked(payload, mask)]);
}

/** A text message of a server in one piece: `ws` would write its head and its text apart, and each costs a buffer. */
export function encodeText(text: string): Uint8Array {
  const length = Buffer.byteLength(text);
  const headBytes = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const bytes = Buffer.allocUnsafe(headBytes + length);
  bytes[0] = 0x80 | OPCODES.text;
  bytes[1] = headBytes === 2 ? length : headBytes === 4 ? 126 : 127;
  if (headBytes === 4) bytes.writeUInt16BE(length, 2);
  if (headBytes === 10) bytes.writeBigUInt64BE(BigInt(length), 2);
  // ASCII, as nearly all of it is, has a shorter way.
  bytes.write(text, headBytes, length === text.length ? 'latin1' : 'utf8');
  return bytes;
}

/** A plain loop, because a client masks all the audio that it sends. */
function masked(payload: Uint8Array, mask: Uint8Array): Uint8Array {
  const bytes = Buffer.allocUnsafe(payload.length);
  for (let i = 0; i < payload.length; i++) bytes[i] = (payload[i] ?? 0) ^ (mask[i % 4] ?? 0);
  return bytes;
}

/** A Close frame with any code, including one that must never be sent. */
export function encodeClose(code: number, reason = ''): Uint8Array {
  const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
  payload.writeUInt16BE(code, 0);
  payload.write(reason, 2);
  return encodeFrame({ opcode: OPCODES.close, payload });
}
