import { rowsOf } from '../../rows.ts';

const { must, should } = rowsOf('reson8');

/** How a connection is opened: address, credentials, parameters. */
export const OPENING = [
  must('R8-CONN-001', 'both', 'S4:7', {
    statement:
      'The service is at the path /v1/speech-to-text/realtime of a wss URL; only the path shows in a trace',
    witness: 'a connection attempt',
  }),
  must('R8-AUTH-001', 'client', 'S4:11-17', {
    statement: 'The client presents its credential in exactly one of the documented forms',
    witness: 'a connection attempt',
  }),
  must('R8-AUTH-002', 'server', 'S4:14,38', {
    statement: 'The server accepts an API key as Authorization: ApiKey',
    witness: 'a connection attempt with an API key',
  }),
  must('R8-AUTH-003', 'server', 'S4:14', {
    statement: 'The server accepts an access token as Authorization: Bearer',
    witness: 'a connection attempt with an access token in Authorization',
  }),
  must('R8-AUTH-004', 'server', 'S4:15,47-51', {
    statement: 'The server accepts an access token as the subprotocol that is offered after `bearer`',
    witness: 'a connection attempt with an access token as subprotocol',
  }),
  should('R8-AUTH-005', 'server', 'S4:47-51', {
    statement: 'When subprotocols are offered, the server selects one of them (otherwise browsers give up)',
    witness: 'a connection accepted that offered subprotocols',
  }),
  should('R8-AUTH-006', 'server', 'S4:15', {
    statement: 'The subprotocol that the server selects is `bearer`, never the token',
    witness: 'a subprotocol selected by the server',
  }),
  must('R8-AUTH-007', 'server', 'S4:133', {
    statement: 'Invalid or expired credentials are answered with 401 UNAUTHORIZED',
    witness: 'a connection attempt with a bad credential',
    ambiguity: 'A14',
  }),
  should('R8-AUTH-008', 'server', 'S4:132-133', {
    statement: 'A connection attempt without credentials is answered with 401',
    witness: 'a connection attempt without a credential',
    ambiguity: 'A15',
  }),
  must('R8-QRY-001', 'client', 'S4:22', {
    statement:
      'If the client sends `encoding`, it is one that the edition has: `auto` or `pcm_s16le`, and since 2026-08 `mulaw` or `alaw`',
    witness: 'a connection attempt with `encoding`',
    unseen: 'not-applicable',
  }),
  must('R8-QRY-002', 'client', 'S4:23', {
    statement: 'If the client sends `sample_rate`, it is a number above 0',
    witness: 'a connection attempt with `sample_rate`',
    unseen: 'not-applicable',
  }),
  must('R8-QRY-003', 'client', 'S4:24', {
    statement: 'If the client sends `channels`, it is a whole number above 0',
    witness: 'a connection attempt with `channels`',
    unseen: 'not-applicable',
  }),
  should('R8-QRY-004', 'client', 'S4:26-29', {
    statement: 'The client spells its flags `true` and `false`',
    witness: 'a connection attempt with a flag',
    unseen: 'not-applicable',
  }),
  must('R8-QRY-005', 'server', 'S4:132', {
    statement: 'An invalid value of a parameter is answered with 400 INVALID_REQUEST',
    witness: 'a connection attempt with a bad parameter',
    ambiguity: 'A14',
  }),
  should('R8-QRY-006', 'client', 'S4:22-24', {
    statement: 'With pcm_s16le, a message holds whole samples of all channels',
    witness: 'audio sent as pcm_s16le',
    unseen: 'not-applicable',
  }),
  must('R8-QRY-007', 'server', 'S4:19-29,37', {
    statement: 'All parameters have defaults: the server accepts a URL without any',
    witness: 'a connection attempt without parameters',
  }),
];
