import { rowsOf } from '../../rows.ts';
import { OF_SERVERS } from './server.ts';

const { must, should } = rowsOf('reson8-turns');

/** What the vendor's page requires of servers and clients of turns, and what its own clients do and rely on. */
export const TURNS_REQUIREMENTS = [
  must('R8-TURN-001', 'both', 'T', {
    statement: 'Turns are at the path /v1/speech-to-text/turns of a wss URL, of which a trace shows the path',
    witness: 'a connection attempt for turns',
  }),
  ...OF_SERVERS,
  should('R8-TURN-020', 'client', 'LK', {
    statement:
      'The client shows a candidate in place of the one before, and keeps the text of a turn that has ended once',
    witness: 'candidates sent to a client that reports',
  }),
  should('R8-TURN-021', 'client', 'LK', {
    statement:
      'The client goes on after a candidate without words, one that is repeated, and one that no continuation announced',
    witness: 'such a candidate, and what the client does in the second after it',
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
  should('R8-TURN-024', 'client', 'LK', {
    statement: 'The client does not wait forever for an answer to a flush with nothing buffered',
    witness: 'a flush while no turn is open, after which nothing comes',
    unseen: 'not-applicable',
  }),
  should('R8-TURN-025', 'client', 'LK', {
    statement:
      'The client reports a refusal with its status, and does not repeat a request that got 400, 401 or 402',
    witness: 'a refusal to a client that reports',
  }),
  must('R8-TURN-026', 'client', 'T; LK', {
    statement:
      'Parameters are those of the page and have values that can be, and the eager probability is not above the final one',
    witness: 'a connection attempt for turns with a parameter',
    unseen: 'not-applicable',
  }),
];
