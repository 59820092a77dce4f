import type { BrokenClient } from './mistake.ts';

const mistakes: readonly Omit<BrokenClient, 'dialect'>[] = [
  {
    id: 'R8-TURN-001',
    breaks: 'connects to another path',
    mistake: 'other-path',
    scenarios: ['candidate-empty'],
  },
  {
    id: 'R8-TURN-020',
    breaks: 'appends candidates',
    mistake: 'appends',
    scenarios: ['turn-continues'],
  },
  {
    id: 'R8-TURN-020',
    breaks: 'puts each candidate on a line above the one before',
    mistake: 'prepends',
    scenarios: ['turn-continues'],
  },
  {
    id: 'R8-TURN-020',
    breaks: 'keeps each candidate as a turn',
    mistake: 'keeps-candidates',
    scenarios: ['turn-continues'],
  },
  {
    id: 'R8-TURN-020',
    breaks: 'distinguishes turns by their text, and loses the second yes',
    mistake: 'finals-by-text',
    scenarios: ['turns-with-same-text'],
  },
  {
    id: 'R8-TURN-020',
    breaks: 'keeps the text of a turn twice',
    mistake: 'counts-every-final-twice',
    scenarios: ['happy-path'],
  },
  {
    id: 'R8-TURN-021',
    breaks: 'takes a candidate without text for an error',
    mistake: 'needs-words',
    scenarios: ['candidate-empty'],
  },
  {
    id: 'R8-TURN-021',
    breaks: 'ends when a candidate says nothing new',
    mistake: 'needs-news',
    scenarios: ['turn-continues-silently'],
  },
  {
    id: 'R8-TURN-021',
    breaks: 'takes a candidate without a continuation before it for an error',
    mistake: 'needs-continuations',
    scenarios: ['candidate-repeated'],
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
    id: 'R8-TURN-024',
    breaks: 'waits forever for the end of a turn that has not begun',
    mistake: 'waits-for-ever',
    scenarios: ['nothing-heard'],
  },
  {
    id: 'R8-TURN-025',
    breaks: 'keeps a refusal for itself',
    mistake: 'hides-refusals',
    scenarios: ['refused-400', 'refused-401', 'no-credits', 'refused-500'],
  },
  {
    id: 'R8-TURN-025',
    breaks: 'reports a refusal without its status',
    mistake: 'hides-statuses',
    scenarios: ['no-credits'],
    isDoubtful: true,
  },
  {
    id: 'R8-TURN-025',
    breaks: 'tries again without credits',
    mistake: 'retries-refusals',
    scenarios: ['no-credits'],
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
