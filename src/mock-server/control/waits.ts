import type { Response } from 'express';
import { fail } from './answers.ts';

/** The maximum number of waits at the same time, over all sessions. */
export const MOST_WAITS = 1000;

/** The calls that wait for something. A client that leaves makes room for others. */
export class Waits {
  readonly #most: number;
  #count = 0;

  constructor(most = MOST_WAITS) {
    this.#most = most;
  }

  /** Waits as long as the client stays. Returns false, having done nothing, if too many calls are waiting already. */
  async wait(response: Response, until: (signal: AbortSignal) => Promise<void>): Promise<boolean> {
    if (this.#count >= this.#most) return false;
    const leaving = new AbortController();
    response.on('close', () => leaving.abort());
    this.#count += 1;
    try {
      await until(leaving.signal);
    } finally {
      this.#count -= 1;
    }
    return true;
  }
}

/** Answers that too many calls are waiting. */
export function tooManyWaits(response: Response, most = MOST_WAITS): void {
  fail(response, 429, { error: 'Too many waits at the same time', expected: `at most ${most}` });
}
