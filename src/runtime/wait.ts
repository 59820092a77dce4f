import type { Clock } from './clock.ts';

/** Waits `ms` milliseconds of the clock, or until the signal; callers that care check the signal. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return sleepUntil(clock, clock.now() + ms, signal);
}

/** Waits until the clock reaches `dueMs`, or until the signal. */
export function sleepUntil(clock: Clock, dueMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const done = () => {
      cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.at(dueMs, done);
    signal?.addEventListener('abort', done);
  });
}

/** The value of a promise, or undefined if it takes longer, or the signal comes first. */
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

/** Waits until `isMet`, at most `limitMs`. Returns whether it was met; a signal also ends the wait. */
export async function until(
  clock: Clock,
  limitMs: number,
  isMet: () => boolean,
  signal?: AbortSignal,
): Promise<boolean> {
  const endMs = clock.now() + limitMs;
  while (!isMet()) {
    if (clock.now() >= endMs || signal?.aborted === true) return false;
    await sleepUntil(clock, Math.min(endMs, clock.now() + POLL_MS));
  }
  return true;
}
