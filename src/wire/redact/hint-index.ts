import type { Spelling } from './pattern.ts';

/** Hints are looked up by this many of their characters in a row. */
const GRAM = 4;
/** Letters and digits are ASCII. */
const BITS = 7;
const MASK = 2 ** (BITS * GRAM) - 1;

/** A spelling, and whose it is. */
export interface Indexed<Owner> {
  readonly owner: Owner;
  readonly spelling: Spelling;
}

interface Entry<Owner> extends Indexed<Owner> {
  readonly order: number;
}

/**
 * Finds the few spellings that may occur in a text among thousands, in one pass over the text. Each spelling is filed
 * under four characters of its hints that few others are filed under: secrets often begin alike, and differ in a number.
 */
export class HintIndex<Owner> {
  readonly #byGram = new Map<number, Entry<Owner>[]>();
  /** All of their hints are too short to be filed. */
  readonly #others: Entry<Owner>[] = [];
  #size = 0;

  add(owner: Owner, spelling: Spelling): void {
    const entry = { owner, spelling, order: this.#size++ };
    const gram = this.#rarestIn(spelling.hints);
    if (gram === undefined) return void this.#others.push(entry);
    const filed = this.#byGram.get(gram);
    if (filed === undefined) this.#byGram.set(gram, [entry]);
    else filed.push(entry);
  }

  /** All spellings each of whose hints occurs in one of the texts, in the order in which they were added. */
  in(...texts: readonly string[]): readonly Indexed<Owner>[] {
    const found = new Set(this.#others);
    // Where nothing is known, nothing is looked for: long traces were usually redacted before.
    for (const text of this.#byGram.size === 0 ? [] : texts) {
      forEachGram(text, (gram) => {
        const filed = this.#byGram.get(gram);
        if (filed !== undefined) for (const entry of filed) found.add(entry);
      });
    }
    if (found.size === 0) return [];
    return [...found]
      .filter(({ spelling }) => spelling.hints.every((hint) => texts.some((text) => text.includes(hint))))
      .sort((a, b) => a.order - b.order);
  }

  #rarestIn(hints: readonly string[]): number | undefined {
    let rarest: number | undefined;
    let least = Infinity;
    for (const hint of hints) {
      forEachGram(hint, (gram) => {
        const count = this.#byGram.get(gram)?.length ?? 0;
        // Of equally rare ones the last: what differs is more often at the end.
        if (count > least) return;
        rarest = gram;
        least = count;
      });
    }
    return rarest;
  }
}

/** Visits every four ASCII characters in a row, as a number. */
function forEachGram(text: string, visit: (gram: number) => void): void {
  let gram = 0;
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    length = code < 2 ** BITS ? length + 1 : 0;
    gram = ((gram << BITS) | code) & MASK;
    if (length >= GRAM) visit(gram);
  }
}
