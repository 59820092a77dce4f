import { OPCODES } from '../../wire/encode.ts';
import type { Compression } from './deflate.ts';
import { faultOf, FrameReader, isCompressed, isForbiddenCode, type ReceivedFrame } from './frame-reader.ts';

/** A longer message is not read: it would take the space of all others. */
export const LONGEST_MESSAGE_BYTES = 2 ** 20;
/** The maximum number of fragments of a message. */
export const MOST_FRAGMENTS = 10_000;

/** What has arrived from a server. */
export type Received =
  /** A part of a message, or what means nothing after a Close frame. */
  | { readonly kind: 'nothing' }
  /** The text is undefined for a binary message. */
  | { readonly kind: 'message'; readonly text: string | undefined; readonly byteCount: number }
  | { readonly kind: 'ping' | 'pong'; readonly payload: Buffer }
  | ReceivedClose
  /** After an invalid frame it is unknown where the next one begins. */
  | { readonly kind: 'fault'; readonly what: string }
  /** It is allowed but too much to read, so that what follows is unknown. */
  | { readonly kind: 'too-much'; readonly what: string };

interface ReceivedClose {
  readonly kind: 'close';
  /** 1005 if the frame has none (RFC 6455, 7.1.5). */
  readonly code: number;
  readonly reason: string;
  /** What to answer with; undefined where there is nothing that may be sent back. */
  readonly echo: number | undefined;
  /** The faults of the frame, which can be read all the same. */
  readonly faults: readonly string[];
}

const NOTHING: Received = { kind: 'nothing' };

/** Bytes of a server become messages. Knows neither a socket nor a clock. */
export class Inbox {
  readonly #reader = new FrameReader();
  readonly #compression: Compression;
  #parts: Buffer[] = [];
  #partsByteCount = 0;
  #partsOpcode: number | undefined;
  #arePartsCompressed = false;
  #hasClosed = false;

  constructor(compression: Compression) {
    this.#compression = compression;
  }

  /** Whether a message has begun and its end has not arrived. */
  get isInMessage(): boolean {
    return this.#reader.pendingByteCount > 0 || this.#parts.length > 0;
  }

  push(chunk: Buffer): void {
    this.#reader.push(chunk);
  }

  /** What the next frame means; undefined while it is incomplete. Nothing may be read after a fault or too much. */
  next(): Received | undefined {
    let frame: ReceivedFrame | undefined;
    try {
      frame = this.#reader.next();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return tooMuch(error.message);
    }
    return frame === undefined ? undefined : this.#read(frame);
  }

  #read(frame: ReceivedFrame): Received {
    const { opcode, payload } = frame;
    const what = faultOf(frame, this.#compression.isAgreed);
    if (what !== undefined) return fault(what);
    if (this.#hasClosed) {
      // Control frames after a Close frame are unusual, but only data is forbidden (RFC 6455, 5.5.1).
      return opcode < OPCODES.close ? fault('data-after-close: a data frame after the Close frame') : NOTHING;
    }
    switch (opcode) {
      case OPCODES.text:
      case OPCODES.binary:
        if (this.#partsOpcode !== undefined) return fault('fragments: a new message inside another');
        this.#partsOpcode = opcode;
        this.#arePartsCompressed = isCompressed(frame);
        return this.#gather(frame);
      case OPCODES.continuation:
        if (this.#partsOpcode === undefined) return fault('fragments: a continuation without a beginning');
        return this.#gather(frame);
      case OPCODES.ping:
        return { kind: 'ping', payload };
      case OPCODES.pong:
        return { kind: 'pong', payload };
      default:
        this.#hasClosed = true;
        return closeOf(payload);
    }
  }

  #gather({ payload, fin }: ReceivedFrame): Received {
    this.#parts.push(payload);
    this.#partsByteCount += payload.length;
    if (this.#partsByteCount > LONGEST_MESSAGE_BYTES) {
      return tooMuch(`a message of more than ${LONGEST_MESSAGE_BYTES} bytes`);
    }
    if (this.#parts.length > MOST_FRAGMENTS) return tooMuch(`a message in more than ${MOST_FRAGMENTS} parts`);
    if (!fin) return NOTHING;
    const bytes = this.#parts.length === 1 ? payload : Buffer.concat(this.#parts);
    const isText = this.#partsOpcode === OPCODES.text;
    this.#parts = [];
    this.#partsByteCount = 0;
    this.#partsOpcode = undefined;
    if (!this.#arePartsCompressed) return messageOf(bytes, isText);
    const inflated = this.#compression.inflate(bytes, LONGEST_MESSAGE_BYTES);
    switch (inflated.kind) {
      case 'inflated':
        return messageOf(inflated.bytes, isText);
      case 'too-long':
        return tooMuch(`a compressed message of more than ${LONGEST_MESSAGE_BYTES} bytes`);
      case 'damaged':
        return fault(`deflate: a message that cannot be inflated (${inflated.why})`);
    }
  }
}

function fault(what: string): Received {
  return { kind: 'fault', what };
}

function tooMuch(what: string): Received {
  return { kind: 'too-much', what };
}

function messageOf(bytes: Buffer, isText: boolean): Received {
  const text = isText ? textOf(bytes) : undefined;
  if (isText && text === undefined) return fault('bad-utf8: a text message that is not UTF-8');
  return { kind: 'message', text, byteCount: bytes.length };
}

function closeOf(payload: Buffer): ReceivedClose {
  const given = payload.length < 2 ? undefined : payload.readUInt16BE(0);
  const isForbidden = given !== undefined && isForbiddenCode(given);
  const reason = textOf(payload.subarray(2));
  const faults: string[] = [];
  if (reason === undefined) faults.push('bad-utf8: the reason of the Close frame is not UTF-8');
  if (payload.length === 1) faults.push('close-code: a Close frame with half a code');
  if (isForbidden) faults.push(`close-code: ${given} must never be in a Close frame`);
  const echo = isForbidden ? undefined : given;
  return { kind: 'close', code: given ?? 1005, reason: reason ?? '', echo, faults };
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}
