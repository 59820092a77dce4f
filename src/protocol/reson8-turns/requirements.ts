import { rowsOf } from '../rows.ts';

const { must } = rowsOf('reson8-turns');

/** What the vendor's page asks of servers and clients of turns, and what its own clients rely on. */
export const TURNS_REQUIREMENTS = [
  must('R8-TURN-001', 'both', 'T', {
    statement:
      'Turns are served at the path /v1/speech-to-text/turns of a wss URL, of which a trace shows the path',
    witness: 'a connection attempt for turns',
    unseen: { server: 'not-applicable', client: 'not-exercised' },
  }),
];
