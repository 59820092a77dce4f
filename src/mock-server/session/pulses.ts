import type { Clock } from '../../runtime/clock.ts';

/** Repeats a message once it was sent, until the session has nothing more to send. */
export interface Pulses {
  /** It was said; only the first time counts. */
  begin(): void;
  stop(): void;
}

/** @param beat says it, unless the session is over: then it returns false */
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
