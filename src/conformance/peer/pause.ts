import type { Clock } from '../../runtime/clock.ts';

/** Waits so long, or until the signal comes. */
export function pause(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.at(clock.now() + ms, done);
    if (signal?.aborted === true) return done();
    signal?.addEventListener('abort', done);
  });
}
