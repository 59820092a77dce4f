import type { Suite } from './trial.ts';

/** Scriptix, stream mode. The URL of the stream is signed unless another is given. */
export const STREAM_SUITE: Suite = {
  trials: [
    {
      name: 'handshake-hangs',
      ids: ['SX-CONN-018', 'SX-CONN-021'],
      temptation: 'waits forever for a connection, or gives it up too early',
    },
    { name: 'half-open-once', ids: ['SX-CONN-003'], temptation: 'hangs on a half-open socket' },
    {
      name: 'slow-handshake',
      ids: ['SX-CONN-021'],
      temptation: 'gives up a connection that comes after 12 s',
    },
    {
      name: 'happy-path',
      ids: [
        'SX-CONN-003',
        'SX-CONN-004',
        'SX-CONN-012',
        'SX-CONN-014',
        'SX-CONN-015',
        'SX-CONN-020',
        'SX-STR-001',
        'SX-STR-003',
        'SX-STR-004',
        'SX-STR-005',
        'SX-STR-006',
        'SX-PART-012',
        'SX-FIN-021',
        'TR-001',
        'TR-004',
        'TR-005',
      ],
      temptation: 'stops at the first final, appends partials, tears the URL of the stream apart',
    },
    { name: 'partials-rewrite', ids: ['SX-PART-012'], temptation: 'appends partials' },
    { name: 'yes-twice', ids: ['SX-FIN-021'], temptation: 'identifies finals by their text' },
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
    { name: 'extra-fields', ids: ['SX-MSG-003'], temptation: 'fails on unknown fields' },
    { name: 'server-pings', ids: ['TR-002'], temptation: 'does not answer pings' },
    {
      name: 'invalid-stream',
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
      ids: ['SX-ERR-006'],
      temptation: 'takes 1006 as a normal end, keeps partial text across a reconnect',
    },
    { name: 'reconnect-after-reset', ids: ['SX-ERR-006'], temptation: 'takes 1006 as a normal end' },
    { name: 'refused-401', ids: ['SX-CONN-004'], temptation: 'retries with a refused key' },
  ],
  beyond: [
    { id: 'SX-CONN-001', reason: 'the runner tells the client where to connect, which is without TLS' },
    { id: 'TR-003', reason: 'a client of stream mode sends no text' },
  ],
};
