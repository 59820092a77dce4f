import type { Suite } from './trial.ts';

/** Reson8, the turns socket. */
export const TURNS_SUITE: Suite = {
  trials: [
    {
      name: 'nothing-heard',
      ids: ['R8-TURN-022', 'R8-TURN-024'],
      temptation: 'waits forever for the answer to a flush with nothing buffered',
    },
    {
      name: 'flush-unanswered',
      ids: ['R8-TURN-022', 'R8-TURN-023', 'R8-TURN-026'],
      temptation: 'waits forever for the end of a turn',
    },
    {
      name: 'turns-with-same-text',
      ids: ['R8-TURN-020'],
      temptation: 'identifies turns by their text',
    },
    {
      name: 'flush-ends-turn',
      ids: ['R8-TURN-020', 'R8-TURN-023'],
      temptation: 'closes before the end of the turn that it asked for',
    },
    {
      name: 'happy-path',
      ids: [
        'R8-TURN-001',
        'R8-TURN-020',
        'R8-TURN-022',
        'R8-TURN-023',
        'R8-TURN-026',
        'TR-001',
        'TR-003',
        'TR-004',
      ],
      temptation: 'takes each candidate for a turn of its own',
    },
    {
      name: 'candidate-empty',
      ids: ['R8-TURN-020', 'R8-TURN-021'],
      temptation: 'takes a candidate without text for an error',
    },
    {
      name: 'candidate-repeated',
      ids: ['R8-TURN-020', 'R8-TURN-021'],
      temptation: 'takes the second of two candidates for another turn',
    },
    {
      name: 'turn-continues-silently',
      ids: ['R8-TURN-020', 'R8-TURN-021'],
      temptation: 'expects other words after a continuation',
    },
    {
      name: 'turn-continues',
      ids: ['R8-TURN-020'],
      temptation: 'adds up candidates that replace each other',
    },
    { name: 'server-pings', ids: ['TR-002'], temptation: 'does not answer pings' },
    { name: 'error-mid-session', ids: ['TR-005'], temptation: 'does not show an error' },
    { name: 'refused-400', ids: ['R8-TURN-025'], temptation: 'retries after a refusal' },
    { name: 'refused-401', ids: ['R8-TURN-025'], temptation: 'retries with a refused key' },
    { name: 'no-credits', ids: ['R8-TURN-025'], temptation: 'retries without credits' },
    { name: 'refused-500', ids: ['R8-TURN-025'], temptation: 'hangs, or says nothing' },
  ],
  beyond: [],
};
