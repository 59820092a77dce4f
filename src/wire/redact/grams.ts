/** Bits per character: all indexed words are ASCII. */
const BITS = 7;
const HASH_BITS = 14;
/** Spreads numbers that differ little: 2^32 divided by the golden ratio. */
const GOLDEN = 0x9e3779b1;
/** Turns capitals into small letters, and makes some signs indistinguishable. */
const LOWER = 0x20;

/**
 * An index by grams (a few consecutive ASCII characters) that searches a text in one pass. It must be fast for texts
 * with no entries: a server may fill a whole trace with texts, and hardly any of their grams has an entry.
 */
export class GramIndex<Filed> {
  readonly #length: number;
  readonly #mask: number;
  readonly #lower: number;
  readonly #byGram = new Map<number, Filed[]>();
  /** For each hash, whether a gram with that hash has an entry. */
  #isFiled: Uint8Array | undefined;

  /**
   * @param length of a gram, from 2 to 4
   * @param isAnyCase whether capitals and small letters are the same
   */
  constructor(length: number, isAnyCase: boolean) {
    this.#length = length;
    this.#mask = 2 ** (BITS * length) - 1;
    this.#lower = isAnyCase ? LOWER : 0;
  }

  /** The grams of a word of ASCII characters. */
  gramsOf(word: string): readonly number[] {
    const grams: number[] = [];
    let gram = 0;
    for (let at = 0; at < word.length; at++) {
      gram = ((gram << BITS) | word.charCodeAt(at) | this.#lower) & this.#mask;
      if (at >= this.#length - 1) grams.push(gram);
    }
    return grams;
  }

  add(gram: number, filed: Filed): void {
    const others = this.#byGram.get(gram);
    if (others !== undefined) return void others.push(filed);
    this.#byGram.set(gram, [filed]);
    this.#isFiled ??= new Uint8Array(2 ** HASH_BITS);
    this.#isFiled[hashOf(gram)] = 1;
  }

  /** The number of entries under a gram. */
  countOf(gram: number): number {
    return this.#byGram.get(gram)?.length ?? 0;
  }

  /**
   * Visits the entries under each gram of the text until a visit returns true; returns whether one did. Some of the
   * entries may belong to a similar gram.
   *
   * @param visit `from` is where the gram begins in the text
   */
  some(text: string, visit: (filed: readonly Filed[], from: number) => boolean): boolean {
    const isFiled = this.#isFiled;
    if (isFiled === undefined) return false;
    const mask = this.#mask;
    const lower = this.#lower;
    let gram = 0;
    for (let at = 0; at < text.length; at++) {
      // A character that is not ASCII corrupts the grams that contain it, but no entry has such a gram.
      gram = ((gram << BITS) | text.charCodeAt(at) | lower) & mask;
      if (isFiled[hashOf(gram)] === 0) continue;
      const filed = this.#byGram.get(gram);
      if (filed !== undefined && visit(filed, at + 1 - this.#length)) return true;
    }
    return false;
  }
}

function hashOf(gram: number): number {
  return Math.imul(gram, GOLDEN) >>> (32 - HASH_BITS);
}
