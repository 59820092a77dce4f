import { OF_PROGRAMS } from './editions.ts';
import { CLIENT_MAY_NOT, rowsOf } from '../../rows.ts';

const { must, should } = rowsOf('scriptix', 'scriptix-stream');
const microphone = rowsOf('scriptix');
const stream = rowsOf('scriptix-stream');

/** How a connection is opened, in both modes. */
export const CONNECTING = [
  must('SX-CONN-001', 'client', 'S0:5-7; S1:11,44-45', {
    statement: 'The client connects with a WebSocket over TLS (wss) to the documented host',
    unchecked: 'a trace does not show TLS, and in a run the address is given to the client',
  }),
  microphone.must('SX-CONN-002', 'both', 'S0:7; S1:12; S2:11', {
    statement: 'Microphone mode is served at the path /v2/realtime',
    witness: 'a connection attempt in microphone mode',
  }),
  stream.must('SX-CONN-003', 'both', 'S1:12; S2:15', {
    statement: 'Stream mode is served at the path /v2/client/{token}',
    witness: 'a connection attempt in stream mode',
    unseen: CLIENT_MAY_NOT,
  }),
  must('SX-CONN-004', 'client', 'S0:14,22-29; S2:11,15,20', {
    statement:
      'The client presents a token: in microphone mode as a query parameter or in one of the three headers, in stream mode in the path',
    witness: 'a connection attempt',
    ambiguity: 'A19',
  }),
  microphone.must('SX-CONN-005', 'server', 'S0:14,20; S2:11', {
    statement: 'The server accepts the token in the query parameter `token`',
    witness: 'a session opened with the token in the query',
  }),
  microphone.must('SX-CONN-006', 'server', 'S0:24,27', {
    statement: 'The server accepts the token in the header x-zoom-s2t-key',
    witness: 'a session opened with the token in x-zoom-s2t-key',
  }),
  microphone.must('SX-CONN-007', 'server', 'S0:24,28', {
    statement: 'The server accepts the token in the header x-api-key',
    witness: 'a session opened with the token in x-api-key',
  }),
  microphone.must('SX-CONN-008', 'server', 'S0:24,29', {
    statement: 'The server accepts the token in the header api-key',
    witness: 'a session opened with the token in api-key',
  }),
  microphone.must('SX-CONN-009', 'client', 'S0:14,31', {
    statement: 'A client in a browser sends its token in the query, and no custom headers',
    witness: 'a microphone connection of a browser',
    unseen: 'not-applicable',
  }),
  must('SX-CONN-010', 'server', 'S0:14; S2:20,112', {
    statement:
      'Without a token no session starts: the server refuses it or sends an error, but never a state or a result',
    witness: 'a connection attempt without a token',
    ambiguity: 'A11',
  }),
  should('SX-CONN-011', 'server', 'S0:27', {
    statement: 'With an invalid token no session starts',
    witness: 'a connection attempt with a bad token',
    ambiguity: 'A11',
  }),
  must('SX-CONN-012', 'client', 'S0:15; S2:22', {
    statement: 'If the client sends `language`, it is an ISO 639-1 code of two letters',
    witness: 'a connection attempt with `language`',
    unseen: 'not-applicable',
    ambiguity: 'A21',
  }),
  must('SX-CONN-013', 'server', 'S0:15; S2:22', {
    statement: 'The server accepts a connection without `language`',
    witness: 'a connection attempt without `language`',
  }),
  must('SX-CONN-014', 'client', 'S0:16; S2:21', {
    statement: 'If the client sends `type`, it is `fast` or `quality`',
    witness: 'a connection attempt with `type`',
    unseen: 'not-applicable',
  }),
  should('SX-CONN-015', 'client', 'S0:16; S2:21', {
    statement: 'The client sends `type`, which one document requires',
    witness: 'a connection attempt',
    ambiguity: 'A1',
  }),
  should('SX-CONN-016', 'server', 'S0:16; S2:21', {
    statement: 'The server accepts a connection without `type`, as one document says',
    witness: 'a connection attempt without `type`',
    ambiguity: 'A1',
  }),
  should('SX-CONN-017', 'server', 'S0:16; S2:21', {
    statement: 'The server starts no session for a `type` that is neither `fast` nor `quality`',
    witness: 'a connection attempt with another `type`',
  }),
  must('SX-CONN-018', 'client', 'S1:32,43; S2:27,114', {
    statement: 'The client abandons a connection attempt that takes longer than 15 s, and reports a timeout',
    witness: 'a connection attempt that is not answered, and a client that reports',
    ambiguity: 'A9',
  }),
  should('SX-CONN-019', 'server', 'S1:32,43; S2:27,114', {
    statement: 'The server establishes a connection within 15 s',
    witness: 'a connection attempt that was accepted',
    ambiguity: 'A9',
  }),
  should('SX-CONN-020', 'client', 'S2:11,15', {
    statement:
      'The values that the client puts into path and query are, once percent-decoded, exactly those it was given',
    witness: 'a token or a URL with reserved characters',
    unseen: 'not-applicable',
  }),
  should('SX-CONN-021', 'client', 'S2:27', {
    statement: 'The client does not abandon a connection attempt before 15 s have passed',
    witness: 'a connection attempt that is answered slowly',
    ambiguity: 'A9',
  }),
  microphone.must('SX-CONN-022', 'server', 'EX', {
    statement: 'Microphone mode is served at the path /realtime, too',
    witness: 'a connection attempt at /realtime',
    editions: OF_PROGRAMS,
  }),
];
