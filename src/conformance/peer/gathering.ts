/** The room that the first bytes get. It doubles until it is enough. */
const FIRST_BYTES = 4096;

/**
 * Bytes that come in pieces, joined as they come: a piece of one byte that is kept by itself takes a hundred times as
 * much.
 */
export class Gathering {
  #room = Buffer.alloc(0);
  #length = 0;
  readonly #limit: number;

  /** @param limit so many bytes are kept */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The bytes so far, at most `limit`. */
  get bytes(): Buffer {
    return this.#room.subarray(0, this.#length);
  }

  /** Takes the next piece. False when there was more than is kept. */
  push(piece: Uint8Array): boolean {
    const taken = piece.subarray(0, this.#limit - this.#length);
    const needed = this.#length + taken.length;
    if (needed > this.#room.length) {
      const wider = Buffer.alloc(Math.min(this.#limit, Math.max(FIRST_BYTES, 2 * this.#room.length, needed)));
      wider.set(this.bytes);
      this.#room = wider;
    }
    this.#room.set(taken, this.#length);
    this.#length = needed;
    return taken.length === piece.length;
  }
}
