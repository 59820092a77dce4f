import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { codeOf, messageOf } from '../../runtime/errors.ts';
import type { Deflate } from '../../wire/extensions.ts';

/** The bytes that a sender omits at the end of each message (RFC 7692, 7.2.1). */
const TAIL = Buffer.of(0x00, 0x00, 0xff, 0xff);
/** The largest window: how far back a message may refer to earlier ones. */
const WINDOW_BYTES = 2 ** 15;
/** zlib makes no raw deflate streams with a smaller window. */
const LEAST_BITS = 9;

/** The result of inflating a message. */
export type Inflated =
  | { readonly kind: 'inflated'; readonly bytes: Buffer }
  | { readonly kind: 'too-long' }
  | { readonly kind: 'damaged'; readonly why: string };

/**
 * Compresses and inflates the messages of a connection as agreed. Synchronous and in order, so that recordings keep
 * their order and time.
 */
export class Compression {
  #window = Buffer.alloc(0);
  readonly #agreed: Deflate | undefined;

  /** @param agreed undefined if messages are sent uncompressed */
  constructor(agreed: Deflate | undefined) {
    this.#agreed = agreed;
  }

  get isAgreed(): boolean {
    return this.#agreed !== undefined;
  }

  /**
   * Inflates the next compressed message of the server.
   *
   * @param limitBytes of the inflated message: never produces more than that
   */
  inflate(payload: Uint8Array, limitBytes: number): Inflated {
    try {
      const bytes = inflateRawSync(Buffer.concat([payload, TAIL]), {
        finishFlush: constants.Z_SYNC_FLUSH,
        maxOutputLength: limitBytes,
        // The preceding output is all that a decompressor remembers.
        ...(this.#window.length > 0 && { dictionary: this.#window }),
      });
      if (this.#agreed?.serverKeepsContext === true)
        this.#window = Buffer.concat([this.#window, bytes]).subarray(-WINDOW_BYTES);
      return { kind: 'inflated', bytes };
    } catch (error) {
      if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') return { kind: 'too-long' };
      return { kind: 'damaged', why: messageOf(error) };
    }
  }

  /** A message of the client, compressed separately, which is always allowed; undefined if it is sent uncompressed. */
  deflate(payload: Uint8Array): Uint8Array | undefined {
    const { isOffered = false, clientWindowBits = 0 } = this.#agreed ?? {};
    if (!isOffered || clientWindowBits < LEAST_BITS) return undefined;
    const how = { windowBits: clientWindowBits, finishFlush: constants.Z_SYNC_FLUSH };
    return deflateRawSync(payload, how).subarray(0, -TAIL.length);
  }
}
