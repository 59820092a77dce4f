/** A WebSocket frame in bytes that were written below the level of messages. */
export interface RawFrame {
  readonly opcode: number;
  /** Whether it ends its message. */
  readonly isLast: boolean;
  readonly payload: Uint8Array;
}

/** The opcode of a text frame. */
export const TEXT = 0x1;
/** The opcode of a Close frame. */
export const CLOSE = 0x8;
/** The opcode of a Ping. */
export const PING = 0x9;
/** Opcodes below this are for data (RFC 6455 §5.2). */
const FIRST_CONTROL = 0x8;

/** Whether a frame carries data rather than control. */
export function isData({ opcode }: RawFrame): boolean {
  return opcode < FIRST_CONTROL;
}

/** The complete frames at the beginning of the bytes; an incomplete one after them is ignored. */
export function framesIn(base64: string): readonly RawFrame[] {
  const bytes = Buffer.from(base64, 'base64');
  const frames: RawFrame[] = [];
  for (let at = 0; at + 2 <= bytes.length;) {
    const found = frameAt(bytes, at);
    if (found === undefined) break;
    frames.push(found.frame);
    at = found.end;
  }
  return frames;
}

function frameAt(bytes: Buffer, at: number): { readonly frame: RawFrame; readonly end: number } | undefined {
  const first = bytes.readUInt8(at);
  const second = bytes.readUInt8(at + 1);
  const short = second & 0x7f;
  const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
  const maskAt = at + 2 + lengthBytes;
  const isMasked = second >= 0x80;
  const from = maskAt + (isMasked ? 4 : 0);
  if (from > bytes.length) return undefined;
  const length =
    lengthBytes === 2
      ? bytes.readUInt16BE(at + 2)
      : lengthBytes === 8
        ? Number(bytes.readBigUInt64BE(at + 2))
        : short;
  const end = from + length;
  if (end > bytes.length) return undefined;
  const mask = bytes.subarray(maskAt, from);
  const payload = bytes.subarray(from, end).map((byte, i) => byte ^ (mask[i % 4] ?? 0));
  return { frame: { opcode: first & 0x0f, isLast: first >= 0x80, payload }, end };
}

/** The code that a Close frame carries, if it has one. */
export function closeCodeOf({ opcode, payload }: RawFrame): number | undefined {
  const [high, low] = payload;
  if (opcode !== CLOSE || high === undefined || low === undefined) return undefined;
  return high * 256 + low;
}
