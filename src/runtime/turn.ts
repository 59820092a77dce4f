import { setImmediate } from './real-time.ts';

/** Calls back after everything that was ready in this turn of the event loop. */
export function atEndOfTurn(callback: () => void): void {
  setImmediate(callback);
}
