import { rowsOf } from '../../rows.ts';
import { OF_PLUGINS } from './editions.ts';

const { must, should } = rowsOf('reson8');
const ofSockets = rowsOf('reson8', 'reson8-turns');

/** The form of messages, and that sessions are kept apart. */
export const MESSAGES = [
  must('R8-MSG-001', 'server', 'S4:84-125', {
    statement: 'Every message of the server is a text message with a JSON object that has a string `type`',
    witness: 'a message of the server',
  }),
  should('R8-MSG-002', 'server', 'S4:85,123', {
    statement: 'The `type` is `transcript` or `flush_confirmation`',
    witness: 'a message of the server',
    ambiguity: 'A14',
  }),
  must('R8-MSG-003', 'client', 'S4:65', {
    statement: 'The client sends audio as binary messages',
    witness: 'audio of the client',
  }),
  must('R8-MSG-004', 'client', 'S4:67-74', {
    statement: 'The client sends no text messages other than flush requests',
    witness: 'a text message of the client',
    unseen: 'not-applicable',
  }),
  should('R8-MSG-005', 'client', '', {
    statement: 'The client ignores unknown types and fields',
    witness: 'an unknown message sent to the client',
  }),
  should('R8-ISO-001', 'server', '', {
    statement: 'A connection gets results for its own audio only',
    witness: 'sessions with different audio at the same time',
  }),
];

/** Errors. */
export const ERRORS = [
  should('R8-ERR-001', 'server', 'S4:129-134', {
    statement: 'The name of an error, if it has one, is INVALID_REQUEST, UNAUTHORIZED or INTERNAL_ERROR',
    witness: 'an error with a name',
    unseen: 'not-applicable',
  }),
  should('R8-ERR-002', 'client', 'S4:129-134', {
    statement: 'The client reports a refusal to its user, and does not hang',
    witness: 'a refusal to a client that reports',
  }),
  ofSockets.should('R8-ERR-003', 'server', 'LK', {
    statement: 'A refused upgrade has no body, and gives its reason in the header `X-Error-Message`',
    witness: 'an upgrade that was refused with 400, 401, 402, 413 or 429',
    editions: OF_PLUGINS,
  }),
];
