import { monotonicNowMs, setImmediate } from './real-time.ts';

export { turnNumber } from './real-time.ts';

let waiting: (() => void)[] = [];

/** Calls back after everything that was ready in this turn of the event loop. */
export function atEndOfTurn(callback: () => void): void {
  // One immediate for all callbacks, since a thousand connections may have something to do.
  if (waiting.push(callback) === 1) setImmediate(callBack);
}

function callBack(): void {
  const callbacks = waiting;
  waiting = [];
  let done = 0;
  try {
    for (const callback of callbacks) {
      done += 1;
      callback();
    }
  } finally {
    // A callback that throws does not prevent the others.
    for (const callback of callbacks.slice(done)) atEndOfTurn(callback);
  }
}

/** How long work that can be put off may go on in one turn of the event loop, all of it together. */
const SPARE_MS = 3;

let beganMs: number | undefined;

/**
 * Whether there is time in this turn of the event loop for more work that could also be done in the next one. Asked the
 * first time in a turn, there is; all who ask share it.
 */
export function isTimeInTurn(): boolean {
  const nowMs = monotonicNowMs();
  if (beganMs === undefined) {
    beganMs = nowMs;
    atEndOfTurn(() => (beganMs = undefined));
  }
  return nowMs - beganMs < SPARE_MS;
}
