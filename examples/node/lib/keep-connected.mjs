import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from './failure.mjs';
import { user } from './report.mjs';

/** How many attempts in a row may fail without a result before the client gives up. */
const MOST_RETRIES = 4;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8000;

/**
 * Runs one conversation after another until one ends normally. A broken connection is replaced after a pause that grows
 * with each attempt. If the first connection fails or the key is refused, there is no further attempt.
 *
 * @param {() => Promise<void>} converse one connection, from start to end
 * @param {() => number} countResults how many finals there are
 */
export async function keepConnected(converse, countResults) {
  let failures = 0;
  let wasEverOpen = false;
  for (;;) {
    const before = countResults();
    try {
      return await converse();
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      wasEverOpen ||= failure.wasOpen;
      failures = countResults() > before ? 1 : failures + 1;
      if (!failure.mayRetry || !wasEverOpen || failures > MOST_RETRIES) throw failure;
      user.error(failure.kind, failure.message);
      const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));
      // Many clients may lose a server at the same moment; they should not all return at the same moment.
      await sleep(pauseMs * (0.75 + Math.random() / 2));
    }
  }
}
