import type { Clock } from '../../runtime/clock.ts';

/** Repeats a message after it was first sent, until the session has nothing more to send. */
export interface Pulses {
  /** Called when the message is sent; only the first call counts. */
  begin(): void;
  stop(): void;
}

/** @param beat sends it, or returns false if the session is over */
export function pulses(clock: Clock, everyMs: number, beat: () => boolean): Pulses {
  let cancel: (() => void) | undefined;
  const next = (dueMs: number) => {
    cancel = clock.at(dueMs, () => {
      if (beat()) next(dueMs + everyMs);
    });
  };
  return {
    begin() {
      if (cancel === undefined) next(clock.now() + everyMs);
    },
    stop: () => cancel?.(),
  };
}
