import { GramIndex } from './grams.ts';
import type { Spelling } from './pattern.ts';
import { readingsOf } from './readings.ts';

/** Hints are looked up by this many of their characters in a row. */
const GRAM = 4;

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
  readonly #filed = new GramIndex<Entry<Owner>>(GRAM, false);
  /** All of their hints are too short to be filed. */
  readonly #others: Entry<Owner>[] = [];
  #size = 0;

  add(owner: Owner, spelling: Spelling): void {
    const entry = { owner, spelling, order: this.#size++ };
    const gram = this.#rarestIn(spelling.hints);
    if (gram === undefined) this.#others.push(entry);
    else this.#filed.add(gram, entry);
  }

  /** All spellings whose hints can be read in the text, in the order in which they were added, and perhaps some others. */
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
    // A hint may also be read partly as it is and partly decoded, if letters or digits are encoded, which is seldom.
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
        // Of equally rare ones the last: what differs is more often at the end.
        if (count > least) continue;
        rarest = gram;
        least = count;
      }
    }
    return rarest;
  }
}
