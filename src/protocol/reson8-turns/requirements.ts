import { rowsOf } from '../rows.ts';

const { must, should } = rowsOf('reson8-turns');

/** What the vendor's page asks of clients of turns, and what its own clients do. Servers are not judged by it yet. */
export const TURNS_REQUIREMENTS = [
  must('R8-TURN-001', 'client', 'T', {
    statement:
      'Turns are asked for at the path /v1/speech-to-text/turns of a wss URL, of which a trace shows the path',
    witness: 'a connection attempt for turns',
  }),
  must('R8-TURN-022', 'client', 'LK', {
    statement:
      'The client sends audio as binary messages, and no text but flush requests without an id (or with null)',
    witness: 'audio or text of a client of turns',
  }),
  should('R8-TURN-023', 'client', 'LK', {
    statement: 'After a flush the client waits for the end of the open turn before it closes',
    witness: 'a flush in an open turn of a client that closes the connection itself',
    unseen: 'not-applicable',
  }),
  must('R8-TURN-026', 'client', 'T; LK', {
    statement:
      'Parameters are those of the page and have values that can be, and the eager probability is not above the final one',
    witness: 'a connection attempt for turns with a parameter',
    unseen: 'not-applicable',
  }),
];
