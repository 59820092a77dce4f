import type { Suite } from './trial.ts';

export const TURNS_SUITE: Suite = {
  trials: [
    {
      name: 'happy-path',
      ids: ['R8-TURN-001', 'R8-TURN-022', 'R8-TURN-023', 'R8-TURN-026', 'TR-001', 'TR-003', 'TR-004'],
      temptation: 'takes each candidate for a turn of its own',
    },
    {
      name: 'flush-unanswered',
      ids: ['R8-TURN-022', 'R8-TURN-026'],
      temptation: 'waits forever for the end of a turn',
    },
    {
      name: 'candidate-empty',
      ids: ['R8-TURN-022', 'R8-TURN-026'],
      temptation: 'takes a candidate without text for an error',
    },
    {
      name: 'turn-continues',
      ids: ['R8-TURN-022', 'R8-TURN-026'],
      temptation: 'adds up candidates that replace each other',
    },
    { name: 'server-pings', ids: ['TR-002'], temptation: 'does not answer pings' },
    { name: 'error-mid-session', ids: ['TR-005'], temptation: 'keeps an error for itself' },
  ],
  beyond: [],
};
