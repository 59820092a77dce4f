import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from './failure.mjs';
import { user } from './report.mjs';

/** Attempts in a row that bring no result, before it is given up. */
const MOST_RETRIES = 4;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8000;

/**
 * Holds one conversation after the other until one ends as it should. A connection that breaks is taken up again,
 * after a pause that gets longer each time; a first connection that does not come about, or a key that is refused, is
 * the end.
 *
 * @param {() => Promise<void>} converse one connection, from its opening to its end
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
      // Many clients lose a server at the same moment; they should not all come back at the same moment.
      await sleep(pauseMs * (0.75 + Math.random() / 2));
    }
  }
}
