import type { Suite } from './trial.ts';

/** The calls of Reson8, and the sockets that an access token opens. */
export const RESON8_REST_SUITE: Suite = {
  trials: [
    {
      name: 'token-expires-mid-session',
      ids: ['R8-TOK-004', 'R8-PRE-005'],
      temptation: 'closes its socket when the token expires, or keeps the token',
    },
    {
      name: 'happy-path',
      ids: ['R8-PRE-005'],
      temptation: 'sends the recording in a form',
    },
    {
      name: 'token-breaks',
      ids: ['R8-PRE-005'],
      temptation: 'goes on without a token',
    },
    {
      name: 'no-credits',
      ids: ['R8-PRE-005'],
      temptation: 'takes a refusal for an empty transcript',
    },
    {
      name: 'transcript-cut-short',
      ids: ['R8-PRE-005'],
      temptation: 'waits forever for the rest of a transcript',
    },
  ],
  beyond: [],
};
