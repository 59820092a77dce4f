import type { Suite } from './trial.ts';

/** Scriptix, microphone mode. */
export const MICROPHONE_SUITE: Suite = {
  trials: [
    {
      name: 'handshake-hangs',
      ids: ['SX-CONN-018', 'SX-CONN-021'],
      temptation: 'waits forever for a connection, or gives it up too early',
    },
    {
      name: 'half-open-once',
      ids: ['SX-FIN-021'],
      temptation: 'hangs on a half-open socket',
    },
    {
      name: 'slow-handshake',
      ids: ['SX-CONN-021'],
      temptation: 'gives up a connection that comes after 12 s',
    },
    {
      name: 'happy-path',
      ids: [
        'SX-CONN-002',
        'SX-CONN-004',
        'SX-CONN-012',
        'SX-CONN-014',
        'SX-CONN-015',
        'SX-MIC-001',
        'SX-MIC-002',
        'SX-MIC-003',
        'SX-MIC-004',
        'SX-MIC-005',
        'SX-MIC-006',
        'SX-PART-012',
        'SX-FIN-021',
        'SX-ERR-004',
        'TR-001',
        'TR-003',
        'TR-004',
      ],
      temptation:
        'stops at the first final, appends partials, sends audio before start, leaves an option out',
    },
    {
      name: 'slow-results',
      ids: ['SX-PART-012', 'SX-ERR-004'],
      temptation: 'closes before the last results',
    },
    {
      name: 'partials-rewrite',
      ids: ['SX-PART-012'],
      temptation: 'appends partials instead of replacing them',
    },
    {
      name: 'partial-after-final',
      ids: ['SX-FIN-021', 'SX-PART-012'],
      temptation: 'takes a late partial as a new line',
    },
    {
      name: 'yes-twice',
      ids: ['SX-FIN-021'],
      temptation: 'identifies finals by their text',
    },
    {
      name: 'final-sent-twice',
      ids: ['SX-FIN-021'],
      temptation: 'counts a final more than once',
    },
    {
      name: 'speaker-now-and-then',
      ids: ['SX-FIN-020', 'SX-FIN-021'],
      temptation: 'needs a speaker, or no speaker',
    },
    { name: 'unknown-state', ids: ['SX-STATE-007'], temptation: 'fails on an unknown state' },
    {
      name: 'unknown-message',
      ids: ['SX-FIN-021'],
      temptation: 'fails on an unknown message',
    },
    { name: 'extra-fields', ids: ['SX-MSG-003'], temptation: 'fails on unknown fields' },
    { name: 'server-pings', ids: ['TR-002'], temptation: 'does not answer pings' },
    {
      name: 'error-mid-session',
      ids: ['SX-ERR-005', 'TR-005'],
      temptation: 'does not show an error',
    },
    {
      name: 'error-stays-open',
      ids: ['SX-ERR-004', 'SX-ERR-005'],
      temptation: 'waits for results after an error',
    },
    {
      name: 'reconnect-after-drop',
      ids: ['SX-ERR-006', 'SX-PART-012'],
      temptation: 'takes 1006 as a normal end, keeps partial text across a reconnect, drops audio meanwhile',
    },
    {
      name: 'reconnect-after-reset',
      ids: ['SX-ERR-006'],
      temptation: 'takes 1006 as a normal end',
    },
    { name: 'refused-401', ids: ['SX-CONN-004'], temptation: 'retries with a refused key' },
    { name: 'refused-503', ids: ['SX-CONN-004'], temptation: 'fails on an answer that is not JSON' },
  ],
  beyond: [
    { id: 'SX-CONN-001', reason: 'the runner tells the client where to connect, which is without TLS' },
    { id: 'SX-CONN-009', reason: 'only a browser is affected' },
    { id: 'SX-CONN-020', reason: 'a client that sends the token in a header has nothing to encode' },
  ],
};
