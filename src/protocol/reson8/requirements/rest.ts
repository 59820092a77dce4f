import { rowsOf } from '../../rows.ts';
import { OF_PLUGINS } from './editions.ts';

const { must, should } = rowsOf('reson8-rest');

/**
 * Access tokens. The documents with line numbers do not mention them, so a server without the path is not judged by
 * them.
 */
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

/** Recordings. A server without the path is not judged by these either. */
export const RECORDINGS = [
  must('R8-PRE-001', 'server', 'P', {
    statement:
      'POST /v1/speech-to-text/prerecorded with a recording is answered with 200 and a JSON object whose `text` is a string',
    witness: 'a recording, sent with a credential that is known to be valid and with documented parameters',
  }),
  must('R8-PRE-002', 'server', 'P', {
    statement:
      'The times, words, confidences and language of a transcribed recording are present if they were asked for, and absent otherwise',
    witness: 'a recording that was transcribed',
  }),
  must('R8-PRE-003', 'server', 'P', {
    statement:
      'A recording without a byte and a parameter with a wrong value are answered with 400, a recording with a bad credential with 401',
    witness: 'a call with an empty body, a wrong parameter or a bad credential',
  }),
  should('R8-PRE-004', 'server', 'P', {
    statement: 'With `diarize` there are `segments`, whose texts together are the `text` of the recording',
    witness: 'a recording that was transcribed with diarize',
  }),
  must('R8-PRE-005', 'client', 'P', {
    statement:
      'A client sends a recording as the body of the call, with a documented encoding and one documented form of credential',
    witness: 'a call that brings a recording',
    unseen: 'not-applicable',
  }),
];

/** Refusals of both calls. */
export const REFUSALS = [
  should('R8-ERR-004', 'server', 'LK', {
    statement:
      'A refused call is answered with problem details (`application/problem+json`) that have the status and a `code` in lower case',
    witness: 'a call that was refused with 400, 401, 402, 413 or 429',
    editions: OF_PLUGINS,
  }),
];
