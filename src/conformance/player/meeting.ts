/**
 * Where clients that live at the same time wait for each other: when all who are still to come are there, all go on in
 * the same moment. Who has left is waited for no more.
 */
export class Meeting<Who> {
  readonly #expected: Set<Who>;
  readonly #waiting = new Map<Who, () => void>();

  constructor(expected: Iterable<Who>) {
    this.#expected = new Set(expected);
  }

  /** Resolves when all are there. */
  async arrive(who: Who): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#waiting.set(who, resolve);
      this.#open();
    });
  }

  /** Does not come, or not any more. */
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
