import type { Unasked } from './mistake.ts';

/** Duties of protocol-notes 4 that the documents do not require, so that no requirement is about them. */
export const UNASKED: readonly Unasked[] = [
  {
    dialect: 'scriptix',
    mistake: 'stops-at-first-final',
    does: 'stops sending at the first final',
    scenarios: ['happy-path'],
    noticed: [],
    why: 'a client may end a session whenever it likes, and keeps all finals that it was sent',
  },
  {
    dialect: 'scriptix',
    mistake: 'closes-at-once',
    does: 'closes when its audio is sent, before the last results',
    scenarios: ['slow-results'],
    noticed: [],
    why: 'no document says how a client learns that the last result has come (A10)',
  },
  {
    dialect: 'scriptix',
    mistake: 'retries-401',
    does: 'retries a refused key',
    scenarios: ['refused-401'],
    noticed: [],
    why: 'no document says what a client does after a refused upgrade',
  },
  {
    dialect: 'scriptix',
    mistake: 'keeps-partial',
    does: 'still shows the unfinished partial after a drop',
    scenarios: ['reconnect-after-drop'],
    noticed: [],
    why: 'no document mentions a second connection; a display that does not change cannot be seen',
  },
  {
    dialect: 'scriptix',
    mistake: 'counts-twice',
    does: 'keeps a final twice that was sent twice',
    scenarios: ['final-sent-twice'],
    noticed: [],
    why: 'the server has sent it twice, and a client may keep what it was sent',
  },
  {
    dialect: 'reson8',
    mistake: 'waits-5-s',
    does: 'gives up on a confirmation after exactly 5 s',
    scenarios: ['confirmation-never-comes'],
    noticed: [],
    why: 'no document says how long; 5 s is common, timers fire early, and frames are seen late',
  },
  {
    dialect: 'scriptix-rest',
    mistake: 'falls-at-not-ready',
    does: 'does nothing more after learning that the service is not ready',
    scenarios: [
      'starting',
      'ready-later',
      'happy-path',
      'other-wording',
      'forbidden',
      'initialize-breaks',
      'fails-to-start',
    ],
    noticed: ['SX-REST-025', 'SX-REST-026'],
    why: 'it may have waited or crashed, so both are undecided; and no document requires a client to go on',
  },
];
