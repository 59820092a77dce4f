import type { ClientPlay } from './play-client.ts';

/** When this many programs in a row have ended before doing anything, all will. */
const MOST_FAILED = 3;

/** Whether it makes sense to start the program again, judging by the plays that have ended. */
export class Attempts {
  #failedCount = 0;
  #hasWorked = false;
  #isNotStarted = false;

  see({ outcome, events }: ClientPlay): void {
    if (outcome.kind === 'not-started') this.#isNotStarted = true;
    const hasFailed = outcome.kind === 'signal' || (outcome.kind === 'exited' && outcome.code !== 0);
    const hasActed = events.some(({ kind }) => kind === 'request');
    if (hasFailed && !hasActed) this.#failedCount += 1;
    else this.#hasWorked = true;
  }

  get isHopeless(): boolean {
    return this.#isNotStarted || (!this.#hasWorked && this.#failedCount >= MOST_FAILED);
  }
}
