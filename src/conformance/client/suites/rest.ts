import type { Suite } from './trial.ts';

/** The REST API of Scriptix, and the connection after it. */
export const REST_SUITE: Suite = {
  trials: [
    {
      name: 'starting',
      ids: ['SX-REST-024', 'SX-REST-025'],
      temptation: 'connects while the service starts',
    },
    {
      name: 'ready-later',
      ids: ['SX-REST-025'],
      temptation: 'takes an answer of initialize for readiness',
    },
    {
      name: 'happy-path',
      ids: ['SX-REST-001', 'SX-REST-003', 'SX-REST-023', 'SX-REST-024'],
      temptation: 'connects before it initialises',
    },
    {
      name: 'already-ready',
      ids: ['SX-REST-002', 'SX-REST-003', 'SX-REST-023'],
      temptation: 'needs a service that is scaled down',
    },
    {
      name: 'other-wording',
      ids: ['SX-REST-026'],
      temptation: 'goes by the wording of the message',
    },
    {
      name: 'endpoint-elsewhere',
      ids: ['SX-REST-023'],
      temptation: 'connects where it always did',
    },
    { name: 'unauthorized', ids: ['SX-REST-027'], temptation: 'connects all the same, or says nothing' },
    { name: 'forbidden', ids: ['SX-REST-027'], temptation: 'connects, since the status said ready' },
    { name: 'initialize-breaks', ids: ['SX-REST-027'], temptation: 'connects all the same, or says nothing' },
    { name: 'fails-to-start', ids: ['SX-REST-027'], temptation: 'connects all the same, or says nothing' },
  ],
  beyond: [],
};
