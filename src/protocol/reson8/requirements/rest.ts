import { rowsOf } from '../../rows.ts';

const { must, should } = rowsOf('reson8-rest');

/** Access tokens. They are in no document with lines; a server without the path is not judged by them. */
export const TOKENS = [
  must('R8-TOK-001', 'server', 'A', {
    statement:
      'POST /v1/auth/token with an API key is answered with an `access_token`, the `token_type` Bearer (in any case) and an `expires_in` above 0',
    witness: 'a request for an access token with an API key that is known to be valid',
  }),
  must('R8-TOK-002', 'server', 'A', {
    statement:
      'An access token is accepted as Authorization: Bearer and as subprotocol until it expires, and not afterwards',
    witness: 'a connection with an access token that the server issued before',
  }),
  must('R8-TOK-003', 'server', 'A', {
    statement: 'A request for an access token with a bad key is answered with 401, and without a token',
    witness: 'a request for an access token with a bad key',
  }),
  should('R8-TOK-004', 'client', 'LK', {
    statement:
      'A client gets another access token before or after the old one expires, without losing a session that is open',
    witness: 'an access token that expires while the client still needs one',
    unseen: 'not-applicable',
  }),
];

/** Recordings. */
export const RECORDINGS = [
  must('R8-PRE-005', 'client', 'P', {
    statement:
      'A client sends a recording as the body of the call, with a documented encoding and one documented form of credential',
    witness: 'a call that brings a recording',
    unseen: 'not-applicable',
  }),
];
