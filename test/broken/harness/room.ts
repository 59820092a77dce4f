import { after } from './time.ts';

/** Runs at the same time in one process, however quiet the machine is. */
const MOST_AT_ONCE = 16;
/** If timers are later than this on average, the machine is busy enough: another run would only disturb the others. */
const LATE_MS = 20;
/** Lateness is measured with this many timers, one after the other. */
const TIMERS = 10;
const TIMER_MS = 50;

let running = 0;
let queue: Promise<unknown> = Promise.resolve();

/**
 * Runs an action once the machine has room for it: always when nothing else runs in this process, and otherwise only while
 * the timers of this process come on time. Runs mostly wait, so a quiet machine takes many of them; on a busy one, they go
 * on one after the other, and what they measure is not blurred by each other.
 */
export async function inRoom<T>(action: () => Promise<T>): Promise<T> {
  const turn = queue.then(enter);
  queue = turn;
  await turn;
  try {
    return await action();
  } finally {
    running -= 1;
  }
}

async function enter(): Promise<void> {
  while (running > 0 && (running >= MOST_AT_ONCE || (await latenessMs()) > LATE_MS)) await after(TIMER_MS);
  running += 1;
}

/** How late timers are at present, on average. */
async function latenessMs(): Promise<number> {
  const startMs = performance.now();
  for (let i = 0; i < TIMERS; i++) await after(TIMER_MS);
  return (performance.now() - startMs) / TIMERS - TIMER_MS;
}
