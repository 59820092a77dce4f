import { GramIndex } from './grams.ts';
import type { Spelling } from './pattern.ts';
import { readingsOf } from './readings.ts';

/** Hints are looked up by this many of their characters in a row. */
const GRAM = 4;

/** A spelling of a secret, and the owner of that secret. */
export interface Indexed<Owner> {
  readonly owner: Owner;
  readonly spelling: Spelling;
}

interface Entry<Owner> extends Indexed<Owner> {
  readonly order: number;
}

/**
 * Finds, among thousands of spellings, the few that may occur in a text, in one pass over the text. Each spelling is
 * indexed by four characters of its hints that few others share: secrets often begin alike and differ only in a number.
 */
export class HintIndex<Owner> {
  readonly #filed = new GramIndex<Entry<Owner>>(GRAM, false);
  /** Spellings whose hints are all too short for the index. */
  readonly #others: Entry<Owner>[] = [];
  #size = 0;

  add(owner: Owner, spelling: Spelling): void {
    const entry = { owner, spelling, order: this.#size++ };
    const gram = this.#rarestIn(spelling.hints);
    if (gram === undefined) this.#others.push(entry);
    else this.#filed.add(gram, entry);
  }

  /**
   * All spellings whose hints can be read in the text, and possibly some others, in the order in which they were added.
   */
  in(text: string): readonly Indexed<Owner>[] {
    const { decoded, across } = readingsOf(text, GRAM - 1);
    const texts = decoded === text ? [text] : [text, decoded];
    const found = new Set(this.#others);
    for (const each of across === undefined ? texts : [...texts, across]) {
      this.#filed.some(each, (entries) => {
        for (const entry of entries) found.add(entry);
        return false;
      });
    }
    if (found.size === 0) return [];
    // If letters or digits are encoded, which is rare, a hint may also be read partly literally and partly decoded.
    const isRead = (hint: string) => across !== undefined || texts.some((each) => each.includes(hint));
    return [...found]
      .filter(({ spelling }) => spelling.hints.every(isRead))
      .sort((a, b) => a.order - b.order);
  }

  #rarestIn(hints: readonly string[]): number | undefined {
    let rarest: number | undefined;
    let least = Infinity;
    for (const hint of hints) {
      for (const gram of this.#filed.gramsOf(hint)) {
        const count = this.#filed.countOf(gram);
        // Of equally rare ones the last, because secrets more often differ at the end.
        if (count > least) continue;
        rarest = gram;
        least = count;
      }
    }
    return rarest;
  }
}
