import { setImmediate } from './real-time.ts';

/** Calls back when everything has been handled that the event loop found ready in this turn. */
export function atEndOfTurn(callback: () => void): void {
  setImmediate(callback);
}
