/** The exit code after a second signal: nothing is waited for. */
const STOPPED = 3;

/** Does something that SIGINT and SIGTERM stop: the first signal leaves time to report results, the second does not. */
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

/** The help of the flag for `onStdinEnd`. */
export const UNTIL_STDIN_ENDS_DESCRIBED =
  'End when standard input ends, for example when the process that started it is gone';

/** Calls `stop` when standard input ends, since the process at its other end has then gone, for whatever reason. */
export function onStdinEnd(stop: () => void): void {
  let hasEnded = false;
  const end = () => {
    if (hasEnded) return;
    hasEnded = true;
    stop();
  };
  process.stdin.on('end', end).on('close', end).on('error', end).resume();
}
