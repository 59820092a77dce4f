import { OF_PROGRAMS, WITH_LOADING } from './editions.ts';
import { rowsOf } from '../../rows.ts';

const { must, should } = rowsOf('scriptix', 'scriptix-stream');
const microphone = rowsOf('scriptix');

/** States, the form of messages, and that sessions are kept apart. */
export const MESSAGES = [
  must('SX-STATE-001', 'server', 'S2:45-57', {
    statement: 'A state message is a JSON object with a string `state`',
    witness: 'a state message',
    unseen: 'not-applicable',
  }),
  should('SX-STATE-002', 'server', 'S1:23; S2:47-57', {
    statement: 'The `state` of a state message is `loading` or `listening`',
    witness: 'a state message',
    unseen: 'not-applicable',
    ambiguity: 'A3',
  }),
  should('SX-STATE-003', 'server', 'S1:16; S2:95-99', {
    statement: 'The state `loading` does not come after `listening`',
    witness: 'the state `listening`',
    unseen: 'not-applicable',
  }),
  should('SX-STATE-004', 'server', 'S1:16; S2:97', {
    statement: 'The state `loading`, if it comes, is the first message of the server',
    witness: 'the state `loading`',
    unseen: 'not-applicable',
    editions: WITH_LOADING,
  }),
  should('SX-STATE-005', 'server', 'S1:16; S2:98-99', {
    statement: 'Neither `loading` nor `listening` comes after the first result',
    witness: 'a result',
  }),
  should('SX-STATE-006', 'server', 'S1:32; S2:27', {
    statement:
      'Within 15 s of the start command, or of the opening of a stream, the server sends a state, a result or an error',
    witness: 'a session that was started',
  }),
  should('SX-STATE-007', 'client', 'S1:16; S2:91-100', {
    statement: 'The client survives an unknown state',
    witness: 'an unknown state sent to the client',
  }),
  microphone.must('SX-STATE-008', 'server', 'EX', {
    statement: 'The first message after the start command is the state `listening`, or an error',
    witness: 'a message after the start command',
    editions: OF_PROGRAMS,
  }),
  microphone.should('SX-STATE-009', 'server', 'EX', {
    statement: 'The state `listening` names its session in a string `session_id` that is not empty',
    witness: 'the state `listening`',
    editions: OF_PROGRAMS,
  }),
  must('SX-MSG-001', 'server', 'S1:18; S2:43-89', {
    statement: 'Every message of the server is a text message with one JSON object',
    witness: 'a message of the server',
  }),
  must('SX-MSG-002', 'server', 'S1:22-26', {
    statement: 'Every message of the server is exactly one of state, result and error',
    witness: 'a message of the server',
  }),
  should('SX-MSG-003', 'client', 'S1:42', {
    statement: 'The client ignores unknown fields',
    witness: 'a message with an unknown field sent to the client',
  }),
  should('SX-ISO-001', 'server', '', {
    statement: 'A connection gets results for its own audio only',
    witness: 'sessions with different audio at the same time',
  }),
];

/** Error messages, and how a connection ends. */
export const ENDING = [
  must('SX-ERR-001', 'server', 'S2:85-89', {
    statement: 'An error message is a JSON object with a non-empty string `error`',
    witness: 'an error message',
    unseen: 'not-applicable',
  }),
  should('SX-ERR-002', 'server', 'S1:16; S2:100', {
    statement: 'No result comes after an error message',
    witness: 'an error message',
    unseen: 'not-applicable',
  }),
  must('SX-ERR-003', 'server', 'S2:105', {
    statement: 'A server that ends a session normally closes with 1000',
    witness: 'a Close frame that the server sends first',
    unseen: 'not-applicable',
  }),
  should('SX-ERR-004', 'client', 'S2:105', {
    statement: 'A client that ends a session closes with 1000',
    witness: 'a client that ends a session',
  }),
  should('SX-ERR-005', 'client', 'S1:26; S2:85', {
    statement: 'The client reports an error message to its user',
    witness: 'an error message sent to a client that reports',
  }),
  must('SX-ERR-006', 'client', 'S2:106', {
    statement:
      'The client treats a connection that ends without a Close frame (1006) as a failure, not as a normal end',
    witness: 'a dropped connection, and a client that reports',
  }),
];
