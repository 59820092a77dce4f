import type { Clock } from '../../runtime/clock.ts';

/** Connections end by themselves, and no more are to be opened. */
export class Draining {
  readonly #wall: Clock;
  readonly #count: () => number;
  #onEmpty: (() => void) | undefined;

  /**
   * @param wall real time
   * @param count how many connections are open
   */
  constructor(wall: Clock, count: () => number) {
    this.#wall = wall;
    this.#count = count;
  }

  get hasBegun(): boolean {
    return this.#onEmpty !== undefined;
  }

  /** Begins, and waits until all have ended, at most `patienceMs` of real time. */
  async wait(patienceMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const cancel = this.#wall.at(this.#wall.now() + patienceMs, resolve);
      this.#onEmpty = () => {
        cancel();
        resolve();
      };
      this.look();
    });
  }

  /** A connection may have been the last one. */
  look(): void {
    if (this.#count() === 0) this.#onEmpty?.();
  }
}
