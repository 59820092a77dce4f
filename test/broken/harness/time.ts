import { realClock } from '../../../src/runtime/clock.ts';
import { sleep } from '../../../src/runtime/wait.ts';

const clock = realClock();

export function after(ms: number): Promise<void> {
  return sleep(clock, ms);
}

/** Calls back after this time; the returned function cancels it. */
export function afterwards(ms: number, act: () => void): () => void {
  return clock.at(clock.now() + ms, act);
}
