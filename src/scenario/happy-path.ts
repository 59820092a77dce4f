import type { Step } from './script.ts';

/** The ways in which a connection lives: where its audio comes from, and what the protocol says at its ends. */
export type Life = 'scriptix-microphone' | 'scriptix-stream' | 'reson8-realtime';

/** The 15 seconds that the documents give a connection to get going (S1:32, S2:27, S2:114). */
export const ESTABLISH_MS = 15_000;

/** How long a session may go without audio. The documents name no limit; without one a dead client stays. */
export const IDLE_MS = 60_000;

/** The documented life of a connection, without any trouble. */
export function happyPath(life: Life): readonly Step[] {
  return [...opening(life), { kind: 'transcribe', idleMs: IDLE_MS }, { kind: 'close' }];
}

/** How a connection begins: up to where it takes audio. */
export function opening(life: Life): readonly Step[] {
  switch (life) {
    case 'scriptix-microphone':
      return [
        {
          kind: 'await',
          what: 'start',
          count: 1,
          limitMs: ESTABLISH_MS,
          late: 'Connection timeout: no start command within 15 seconds',
        },
        LOADING,
        LISTENING,
      ];
    case 'scriptix-stream':
      return [
        LOADING,
        {
          kind: 'await',
          what: 'source',
          count: 1,
          limitMs: ESTABLISH_MS,
          late: 'Connection timeout: the stream gave no audio within 15 seconds',
        },
        LISTENING,
      ];
    case 'reson8-realtime':
      return [];
  }
}

const LOADING: Step = { kind: 'say', say: { kind: 'state', state: 'loading' } };
const LISTENING: Step = { kind: 'say', say: { kind: 'state', state: 'listening' } };
