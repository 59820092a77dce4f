import type { Clock } from '../../runtime/clock.ts';

/** Lets connections end by themselves while no new ones are opened. */
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

  /** Starts draining, and waits until all have ended, for at most `patienceMs` of real time. */
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

  /** Called when a connection has ended, which may have been the last one. */
  look(): void {
    if (this.#count() === 0) this.#onEmpty?.();
  }
}
