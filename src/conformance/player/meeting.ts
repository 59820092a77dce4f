/**
 * A point where simultaneous clients wait for each other: once all remaining clients have arrived, all continue at the
 * same moment. A client that has left is no longer waited for.
 */
export class Meeting<Who> {
  readonly #expected: Set<Who>;
  readonly #waiting = new Map<Who, () => void>();

  constructor(expected: Iterable<Who>) {
    this.#expected = new Set(expected);
  }

  /** Resolves when all have arrived. */
  async arrive(who: Who): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#waiting.set(who, resolve);
      this.#open();
    });
  }

  /** Withdraws a client, before or after it has arrived. */
  leave(who: Who): void {
    this.#expected.delete(who);
    this.#waiting.get(who)?.();
    this.#waiting.delete(who);
    this.#open();
  }

  #open(): void {
    for (const who of this.#expected) if (!this.#waiting.has(who)) return;
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const goOn of all) goOn();
  }
}
