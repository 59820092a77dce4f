/** The number of texts that are looked for, and at most as many earlier ones. */
export const MOST_SHARED = 4096;
/** A longer text is hardly ever the same as another. */
export const LONGEST_SHARED = 1024;

/**
 * Finds the copy of a text that is already kept. Sessions of a scenario with the same audio get the same texts, and the
 * journal would otherwise keep a copy for each of them.
 */
export class SharedTexts {
  #recent = new Map<string, string>();
  #earlier = new Map<string, string>();

  /** How many texts are known. */
  get size(): number {
    return this.#recent.size + this.#earlier.size;
  }

  /** The same text: an earlier copy, if one is known. */
  of(text: string): string {
    if (text.length > LONGEST_SHARED) return text;
    const recent = this.#recent.get(text);
    if (recent !== undefined) return recent;
    const kept = this.#earlier.get(text) ?? text;
    // If the earlier ones were not kept, all would be forgotten at once.
    if (this.#recent.size >= MOST_SHARED) {
      this.#earlier = this.#recent;
      this.#recent = new Map();
    }
    this.#recent.set(kept, kept);
    return kept;
  }

  /** Forgets all texts. */
  clear(): void {
    this.#recent = new Map();
    this.#earlier = new Map();
  }
}
