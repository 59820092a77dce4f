/** The initial size, which is doubled as needed. */
const FIRST_BYTES = 4096;

/** Joins bytes that come in pieces: keeping each byte as a piece would take a hundred times as much memory. */
export class Gathering {
  #room = Buffer.alloc(0);
  #length = 0;
  readonly #limit: number;

  /** @param limit the maximum number of bytes to keep */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The bytes so far, at most `limit`. */
  get bytes(): Buffer {
    return this.#room.subarray(0, this.#length);
  }

  /** Adds the next piece. False if the limit was exceeded. */
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
