import type { BrokenClient } from './mistake.ts';

const mistakes: readonly Omit<BrokenClient, 'dialect'>[] = [
  {
    id: 'R8-TURN-001',
    breaks: 'connects to another path',
    mistake: 'other-path',
    scenarios: ['candidate-empty'],
  },
  {
    id: 'R8-TURN-022',
    breaks: 'sends audio as text',
    mistake: 'audio-as-text',
    scenarios: ['candidate-empty'],
  },
  {
    id: 'R8-TURN-022',
    breaks: 'names its flush with an id',
    mistake: 'names-flushes',
    scenarios: ['candidate-empty'],
  },
  {
    id: 'R8-TURN-023',
    breaks: 'closes directly after its flush',
    mistake: 'closes-after-flush',
    scenarios: ['flush-unanswered'],
  },
  {
    id: 'R8-TURN-026',
    breaks: 'sends a sample rate below 0',
    mistake: 'no-rate',
    scenarios: ['candidate-empty'],
  },
];

export const TURNS_CLIENTS: readonly BrokenClient[] = mistakes.map((each) => ({
  dialect: 'reson8-turns' as const,
  ...each,
}));
