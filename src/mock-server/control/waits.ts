import type { Response } from 'express';

/** Waits at the same time, over all sessions. */
export const MOST_WAITS = 1000;

/** The calls that wait for something. A client that leaves gives its place to others. */
export class Waits {
  #count = 0;

  /** Waits as long as the client does; returns false, having done nothing, when too many wait already. */
  async wait(response: Response, until: (signal: AbortSignal) => Promise<void>): Promise<boolean> {
    if (this.#count >= MOST_WAITS) return false;
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
