import type { Suite } from './trial.ts';

export const TURNS_SUITE: Suite = {
  trials: [
    {
      name: 'happy-path',
      ids: ['R8-TURN-001', 'TR-001', 'TR-003', 'TR-004'],
      temptation: 'takes each candidate for a turn of its own',
    },
    { name: 'server-pings', ids: ['TR-002'], temptation: 'does not answer pings' },
    { name: 'error-mid-session', ids: ['TR-005'], temptation: 'keeps an error for itself' },
  ],
  beyond: [],
};
