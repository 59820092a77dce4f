import { OPCODES } from '../../wire/encode.ts';

/** A frame as it was received. */
export interface ReceivedFrame {
  readonly opcode: number;
  readonly fin: boolean;
  readonly masked: boolean;
  /** The three reserved bits: 4 for the first. Without an extension they are 0. */
  readonly reserved: number;
  readonly payload: Buffer;
}

/** A longer frame is not read, since its parts would have to be kept until its end. */
export const LONGEST_FRAME_BYTES = 2 ** 20;

/**
 * Splits bytes into frames without judging them: a library would stop at the first invalid frame, and hide what it was.
 */
export class FrameReader {
  #chunks: Buffer[] = [];
  #length = 0;
  /** The number of bytes needed before the next attempt can succeed. */
  #needed = 2;

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  /** The number of bytes that are not yet a complete frame. */
  get pendingByteCount(): number {
    return this.#length;
  }

  /** The next frame; undefined while it is incomplete. @throws RangeError for one that is too long. */
  next(): ReceivedFrame | undefined {
    if (this.#length < this.#needed) return undefined;
    const [only] = this.#chunks;
    const bytes = this.#chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.#chunks);
    this.#chunks = [bytes];
    const head = headOf(bytes);
    if (head === undefined) {
      this.#needed = bytes.length + 1;
      return undefined;
    }
    const { payloadAt, byteCount, masked, first } = head;
    if (byteCount > LONGEST_FRAME_BYTES) {
      throw new RangeError(`a frame of ${byteCount} bytes; at most ${LONGEST_FRAME_BYTES} are read`);
    }
    const end = payloadAt + byteCount;
    if (bytes.length < end) {
      this.#needed = end;
      return undefined;
    }
    this.#chunks = bytes.length === end ? [] : [bytes.subarray(end)];
    this.#length = bytes.length - end;
    this.#needed = 2;
    const payload = bytes.subarray(payloadAt, end);
    return {
      opcode: first & 0x0f,
      fin: (first & 0x80) !== 0,
      reserved: (first & 0x70) >> 4,
      masked,
      payload: masked ? unmasked(payload, bytes.subarray(payloadAt - 4, payloadAt)) : payload,
    };
  }
}

interface Head {
  readonly first: number;
  readonly masked: boolean;
  readonly byteCount: number;
  readonly payloadAt: number;
}

function headOf(bytes: Buffer): Head | undefined {
  if (bytes.length < 2) return undefined;
  const first = bytes.readUInt8(0);
  const second = bytes.readUInt8(1);
  const masked = (second & 0x80) !== 0;
  const short = second & 0x7f;
  const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
  const payloadAt = 2 + lengthBytes + (masked ? 4 : 0);
  if (bytes.length < payloadAt) return undefined;
  const byteCount =
    lengthBytes === 0 ? short : lengthBytes === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  return { first, masked, byteCount, payloadAt };
}

function unmasked(payload: Buffer, mask: Buffer): Buffer {
  return Buffer.from(payload.map((byte, i) => byte ^ (mask[i % 4] ?? 0)));
}

function beginsMessage({ opcode }: ReceivedFrame): boolean {
  return opcode === OPCODES.text || opcode === OPCODES.binary;
}

const KNOWN: ReadonlySet<number> = new Set(Object.values(OPCODES));

/** Whether a frame is a control frame. */
function isControl({ opcode }: ReceivedFrame): boolean {
  return opcode >= 8;
}

/** The first reserved bit: if compression was agreed on, the message that begins here is compressed (RFC 7692, 6). */
const COMPRESSED = 4;

/** Whether the message that begins with this frame is compressed, if compression was agreed on. */
export function isCompressed({ reserved }: ReceivedFrame): boolean {
  return reserved === COMPRESSED;
}

/**
 * What is wrong with a single frame (RFC 6455, 5.1 to 5.5), as the beginning of a fault's text.
 *
 * @param mayCompress whether permessage-deflate was agreed on
 */
export function faultOf(frame: ReceivedFrame, mayCompress = false): string | undefined {
  if (frame.masked) return 'masked-frame: a server must not mask its frames';
  if (!KNOWN.has(frame.opcode)) return `bad-opcode: ${frame.opcode}`;
  if (frame.reserved !== 0 && !mayCompress)
    return 'bad-opcode: a reserved bit is set and no extension was agreed on';
  if (frame.reserved !== 0 && !(isCompressed(frame) && beginsMessage(frame)))
    return 'bad-opcode: a reserved bit is set that means nothing there';
  if (isControl(frame) && !frame.fin) return 'fragments: a fragmented control frame';
  if (isControl(frame) && frame.payload.length > 125)
    return 'fragments: a control frame of more than 125 bytes';
  return undefined;
}

/** Codes that must not be in a Close frame (RFC 6455, 7.4). */
export function isForbiddenCode(code: number): boolean {
  return code < 1000 || [1004, 1005, 1006].includes(code) || (code >= 1015 && code < 3000) || code >= 5000;
}
