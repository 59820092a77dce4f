import type { WebSocket } from './ws.ts';

/** A shorter message is unmasked by `ws` itself: preparing to do better takes longer. */
const SHORTEST = 64;

/** What is used of the receiver in `ws`, which does not publish it. */
interface Receiver {
  _masked: boolean;
  _bufferedBytes: number;
  readonly _buffers: Buffer[];
  readonly _mask: Buffer | undefined;
  readonly _payloadLength: number;
  readonly consume: (byteCount: number) => Buffer;
  getData: (callback: (error?: Error) => void) => void;
}

/**
 * Lets a connection unmask long messages four bytes at a time; `ws` does it byte by byte, unless a native package is
 * installed. With a `ws` that works in another way nothing is changed. Returns whether it was.
 */
export function unmaskInWords(ws: WebSocket): boolean {
  const receiver: unknown = Reflect.get(ws, '_receiver');
  if (!isReceiver(receiver)) return false;
  receiver.getData = getData;
  return true;
}

/** Unmasks the data that has arrived, and lets `ws` take it as data that was never masked. */
function getData(this: Receiver, callback: (error?: Error) => void): void {
  const { _payloadLength: length, _mask: mask } = this;
  if (this._masked && mask !== undefined && length >= SHORTEST && this._bufferedBytes >= length) {
    const data = this.consume(length);
    unmask(data, mask);
    this._buffers.unshift(data);
    this._bufferedBytes += length;
    this._masked = false;
  }
  const { getData: original } = Object.getPrototypeOf(this) as Receiver;
  original.call(this, callback);
}

/** Unmasks bytes in place; `mask` has four bytes (RFC 6455, 5.3). */
export function unmask(bytes: Uint8Array, mask: Uint8Array): void {
  const { buffer, byteOffset, length } = bytes;
  const at = (i: number) => mask[i % 4] ?? 0;
  let i = 0;
  for (; i < length && (byteOffset + i) % 4 !== 0; i++) bytes[i] = (bytes[i] ?? 0) ^ at(i);
  for (let k = 0; k < 4; k++) key[k] = at(i + k);
  const word = keyWord[0] ?? 0;
  const words = length - i < 4 ? NO_WORDS : new Int32Array(buffer, byteOffset + i, (length - i) >> 2);
  for (let k = 0; k < words.length; k++) words[k] = (words[k] ?? 0) ^ word;
  for (i += words.length * 4; i < length; i++) bytes[i] = (bytes[i] ?? 0) ^ at(i);
}

const NO_WORDS = new Int32Array(0);
/** The same four bytes, as such and as a word in the order of this machine. */
const key = new Uint8Array(4);
const keyWord = new Int32Array(key.buffer);

function isReceiver(value: unknown): value is Receiver {
  if (typeof value !== 'object' || value === null) return false;
  const has = (name: string, type: string) => typeof Reflect.get(value, name) === type;
  return (
    has('_masked', 'boolean') &&
    has('_bufferedBytes', 'number') &&
    has('_payloadLength', 'number') &&
    has('consume', 'function') &&
    has('getData', 'function') &&
    Array.isArray(Reflect.get(value, '_buffers')) &&
    '_mask' in value
  );
}
