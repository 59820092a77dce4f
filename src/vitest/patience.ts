import { realClock } from '../runtime/clock.ts';
import { wallNowMs } from '../runtime/wall-time.ts';

/** The parts of a vitest test that concern its time. */
export interface TimedTest {
  /** Its time limit in milliseconds; 0 and infinity are no limit. */
  readonly timeout: number;
  readonly result?: { readonly startTime?: number; readonly retryCount?: number } | undefined;
}

/** The default time limit of a wait. */
export const LONGEST_WAIT_MS = 5000;
/** The least and the usual share of a test's time that is left for reporting what did not come. */
const LEFT_MS = 100;
const LEFT_PART = 0.1;

/** Real time, whatever clock the fake has. */
export const wall = realClock();

const begun = new WeakMap<TimedTest, number>();

/** The test has just begun, or begun again. */
export function beginsNow(test: TimedTest): void {
  begun.set(test, wall.now());
}

/**
 * How long a wait in a test may take: it has to end before the test does, or vitest reports that the test took too long
 * instead of what did not come.
 */
export function patienceMs(test: TimedTest | undefined, wantedMs = LONGEST_WAIT_MS): number {
  if (test === undefined || !Number.isFinite(test.timeout) || test.timeout <= 0) return wantedMs;
  const remainingMs = test.timeout - takenMs(test);
  const leftMs = Math.max(LEFT_MS, test.timeout * LEFT_PART);
  return Math.min(wantedMs, Math.max(remainingMs / 2, remainingMs - leftMs, 0));
}

function takenMs(test: TimedTest): number {
  const atMs = begun.get(test);
  if (atMs !== undefined) return wall.now() - atMs;
  const { startTime, retryCount = 0 } = test.result ?? {};
  // The time of its first attempt.
  if (startTime === undefined || retryCount > 0) return 0;
  return Math.max(0, wallNowMs() - startTime);
}
