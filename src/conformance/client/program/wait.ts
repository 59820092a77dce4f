import type { Clock } from '../../../runtime/clock.ts';

/** The value of a promise, or undefined when it takes longer, or the signal comes before. */
export function within<T>(
  clock: Clock,
  limitMs: number,
  promise: Promise<T>,
  signal?: AbortSignal,
): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      cancel();
      signal?.removeEventListener('abort', giveUp);
    };
    const giveUp = () => {
      settle();
      resolve(undefined);
    };
    const cancel = clock.at(clock.now() + limitMs, giveUp);
    signal?.addEventListener('abort', giveUp);
    if (signal?.aborted === true) giveUp();
    promise.then(
      (value) => {
        settle();
        resolve(value);
      },
      (error: unknown) => {
        settle();
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}

const POLL_MS = 10;

/** Waits until `isMet`, at most so long. Tells whether it was met; a signal ends the wait as well. */
export async function until(
  clock: Clock,
  limitMs: number,
  isMet: () => boolean,
  signal?: AbortSignal,
): Promise<boolean> {
  const endMs = clock.now() + limitMs;
  while (!isMet()) {
    if (clock.now() >= endMs || signal?.aborted === true) return false;
    const dueMs = Math.min(endMs, clock.now() + POLL_MS);
    await new Promise<void>((resolve) => clock.at(dueMs, resolve));
  }
  return true;
}
