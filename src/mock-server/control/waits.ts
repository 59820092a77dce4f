import type { Response } from 'express';
import { fail } from './answers.ts';

/** Waits at the same time, over all sessions. */
export const MOST_WAITS = 1000;

/** The calls that wait for something. A client that leaves gives its place to others. */
export class Waits {
  readonly #most: number;
  #count = 0;

  constructor(most = MOST_WAITS) {
    this.#most = most;
  }

  /** Waits as long as the client does; returns false, having done nothing, when too many wait already. */
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

export function tooManyWaits(response: Response, most = MOST_WAITS): void {
  fail(response, 429, { error: 'Too many waits at the same time', expected: `at most ${most}` });
}
