/** The run was called off twice: nothing waits for what is left. */
const STOPPED = 3;

/** Does something that SIGINT and SIGTERM call off, once with time to tell what there is, and then at once. */
export async function untilStopped<T>(action: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const onSignal = () => {
    if (stop.signal.aborted) process.exit(STOPPED);
    stop.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    return await action(stop.signal);
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

/** What help says of the flag for `onStdinEnd`. */
export const UNTIL_STDIN_ENDS_DESCRIBED =
  'End when standard input ends, for example when the process that started it is gone';

/** Calls it when standard input ends: then the process at its other end is gone, in whatever way. */
export function onStdinEnd(stop: () => void): void {
  let hasEnded = false;
  const end = () => {
    if (hasEnded) return;
    hasEnded = true;
    stop();
  };
  process.stdin.on('end', end).on('close', end).on('error', end).resume();
}
