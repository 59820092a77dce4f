import { vendorOfLife } from '../../protocol/dialects.ts';
import type { ServerEvent } from '../events.ts';

/** Counts of what has ended, for the metrics. Open sessions are asked when the metrics are read. */
export interface Tally {
  /** Connections so far, by vendor. */
  readonly sessions: Readonly<Record<string, number>>;
  /** Refused upgrades, by status. */
  readonly refused: Readonly<Record<string, number>>;
  /** Errors of sessions: broken frames, errors that the script sends, and our own. */
  readonly errors: number;
  /** Results of the sessions that have ended. */
  readonly results: number;
  /** Audio of the sessions that have ended, and of recordings. */
  readonly audioMs: number;
}

/** A tally, and what counts in it. */
export interface Tallying {
  readonly tally: Tally;
  readonly count: (event: ServerEvent) => void;
}

/** An empty tally, and the function that counts events in it. */
export function newTally(): Tallying {
  const sessions: Record<string, number> = {};
  const refused: Record<string, number> = {};
  const tally = {
    sessions,
    refused,
    errors: 0,
    results: 0,
    audioMs: 0,
  };
  const add = (counts: Record<string, number>, name: string) => (counts[name] = (counts[name] ?? 0) + 1);
  return {
    tally,
    count(event) {
      switch (event.event) {
        case 'session-open':
          return void add(tally.sessions, vendorOfLife(event.life) ?? event.life);
        case 'session-error':
          return void (tally.errors += 1);
        case 'session-close':
          tally.results += event.results;
          tally.audioMs += event.audioMs;
          return;
        case 'recording-heard':
          return void (tally.audioMs += event.audioMs);
        case 'session-note':
        case 'recordings-loaded':
        case 'recordings-broken':
        case 'recording-note':
        case 'worker-lost':
        case 'scenario-loaded':
        case 'scenario-broken':
        case 'wrong-scheme':
        case 'not-found':
          return;
        case 'refused':
          return void add(tally.refused, String(event.status));
      }
    },
  };
}
