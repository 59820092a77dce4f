/**
 * Reads a body from front to back, however it is cut into pieces; keeps no more than one piece and what is requested.
 */
export interface Cursor {
  /** Bytes from the beginning. */
  readonly position: number;
  /** The next `count` bytes; undefined if the body ends before them. */
  read(count: number): Promise<Uint8Array | undefined>;
  /** Skips `count` bytes. Returns whether the body has that many. */
  skip(count: number): Promise<boolean>;
}

/** Reads the pieces of a body. */
export function cursorOf(pieces: AsyncIterator<Uint8Array>): Cursor {
  let rest: Uint8Array = new Uint8Array(0);
  let position = 0;
  const fill = async (): Promise<boolean> => {
    const next = await pieces.next();
    if (next.done === true) return false;
    rest = next.value;
    return true;
  };
  const take = (count: number): Uint8Array => {
    const taken = rest.subarray(0, count);
    rest = rest.subarray(count);
    position += taken.length;
    return taken;
  };
  return {
    get position() {
      return position;
    },
    async read(count) {
      const bytes = new Uint8Array(count);
      for (let at = 0; at < count;) {
        if (rest.length === 0 && !(await fill())) return undefined;
        const taken = take(count - at);
        bytes.set(taken, at);
        at += taken.length;
      }
      return bytes;
    },
    async skip(count) {
      for (let left = count; left > 0;) {
        if (rest.length === 0 && !(await fill())) return false;
        left -= take(left).length;
      }
      return true;
    },
  };
}
