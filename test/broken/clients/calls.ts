import type { BrokenClient } from './mistake.ts';

const mistakes: readonly Omit<BrokenClient, 'dialect'>[] = [
  {
    id: 'R8-TOK-004',
    breaks: 'closes its socket to connect with another token',
    mistake: 'reconnects-to-refresh',
    scenarios: ['token-expires-mid-session'],
  },
  {
    id: 'R8-TOK-004',
    breaks: 'keeps a token that has expired, and gives up when it is refused',
    mistake: 'keeps-its-token',
    scenarios: ['token-expires-mid-session'],
  },
  {
    id: 'R8-PRE-005',
    breaks: 'sends a recording in a form',
    mistake: 'posts-a-form',
    scenarios: ['happy-path'],
  },
  {
    id: 'R8-PRE-005',
    breaks: 'names an undocumented encoding',
    mistake: 'says-wav',
    scenarios: ['happy-path'],
  },
  {
    id: 'R8-PRE-005',
    breaks: 'sends its key in another header',
    mistake: 'x-api-key',
    scenarios: ['happy-path'],
  },
];

export const CALLS_CLIENTS: readonly BrokenClient[] = mistakes.map((each) => ({
  dialect: 'reson8-rest' as const,
  ...each,
}));
