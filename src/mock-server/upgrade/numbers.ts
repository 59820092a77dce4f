import type { IncomingMessage } from 'node:http';
import type { SharedUpgrades } from './shared.ts';

/** The numbers of sessions that are not open yet, where replicas number them together. */
export interface Numbers {
  /** Keeps the number of a session until it is settled; 0 is none. */
  keep(request: IncomingMessage, number?: number): void;
  /** The id of a session that has a number. */
  idOf(request: IncomingMessage): string | undefined;
  /** The session is open, or there will be none; only the first call has an effect. */
  settle(request: IncomingMessage, as: 'opened' | 'discard'): void;
}

/** No numbers yet. */
export function newNumbers(shared: SharedUpgrades | undefined): Numbers {
  const numbers = new WeakMap<IncomingMessage, number>();
  return {
    keep(request, number = 0) {
      if (number > 0) numbers.set(request, number);
    },
    idOf(request) {
      const number = numbers.get(request);
      return number === undefined ? undefined : `s${number}`;
    },
    settle(request, as) {
      const number = numbers.get(request);
      if (number !== undefined) shared?.[as](number);
      numbers.delete(request);
    },
  };
}
