import type { Suite } from './trial.ts';

/** Reson8, the realtime socket. */
export const RESON8_SUITE: Suite = {
  trials: [
    { name: 'half-open-once', ids: ['R8-CONN-001'], temptation: 'hangs on a half-open socket' },
    { name: 'handshake-hangs', ids: ['R8-AUTH-001'], temptation: 'waits forever for a connection' },
    {
      name: 'confirmation-late',
      ids: ['R8-FL-012', 'R8-FL-013'],
      temptation: 'closes before the confirmation, uses an id twice',
    },
    {
      name: 'confirmation-of-another',
      ids: ['R8-FL-011'],
      temptation: 'takes any confirmation as its own',
    },
    {
      name: 'confirmation-never-comes',
      ids: ['R8-FL-012'],
      temptation: 'waits forever for a confirmation',
    },
    {
      name: 'happy-path',
      ids: [
        'R8-CONN-001',
        'R8-AUTH-001',
        'R8-QRY-001',
        'R8-QRY-002',
        'R8-QRY-003',
        'R8-QRY-004',
        'R8-QRY-006',
        'R8-MSG-003',
        'R8-MSG-004',
        'R8-TR-016',
        'R8-FL-001',
        'R8-FL-012',
        'TR-001',
        'TR-003',
        'TR-004',
      ],
      temptation: 'stops at the first final, keeps interims, leaves an option out',
    },
    {
      name: 'slow-handshake',
      ids: ['R8-CONN-001'],
      temptation: 'gives up a connection that comes after 8 s',
    },
    { name: 'yes-twice', ids: ['R8-TR-016'], temptation: 'identifies finals by their text' },
    {
      name: 'flush-empty-transcript',
      ids: ['R8-TR-016'],
      temptation: 'takes a transcript without text for a final',
    },
    { name: 'unknown-message', ids: ['R8-MSG-005'], temptation: 'fails on an unknown type' },
    {
      name: 'language-empty-on-interims',
      ids: ['R8-MSG-005', 'R8-TR-016'],
      temptation: 'fails on unknown fields',
    },
    { name: 'server-pings', ids: ['TR-002'], temptation: 'does not answer pings' },
    { name: 'error-mid-session', ids: ['R8-ERR-002', 'TR-005'], temptation: 'does not show an error' },
    {
      name: 'reconnect-after-drop',
      ids: ['R8-TR-016'],
      temptation: 'keeps interim text across a reconnect, drops audio meanwhile',
    },
    { name: 'reconnect-after-reset', ids: ['R8-TR-016'], temptation: 'takes 1006 as a normal end' },
    { name: 'refused-400', ids: ['R8-ERR-002'], temptation: 'hangs, or says nothing' },
    { name: 'refused-401', ids: ['R8-ERR-002'], temptation: 'retries with a refused key' },
    { name: 'refused-500', ids: ['R8-ERR-002'], temptation: 'hangs, or says nothing' },
  ],
  beyond: [],
};
