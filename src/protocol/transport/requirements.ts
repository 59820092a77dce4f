import { CLIENT_MAY_NOT, rowsOf } from '../rows.ts';

const { must } = rowsOf('scriptix', 'scriptix-stream', 'reson8', 'reson8-turns');

/** What WebSocket itself requires of both sides, limited to what goes wrong with these services in practice. */
export const TRANSPORT_REQUIREMENTS = [
  must('TR-001', 'both', 'RFC 6455 §7.4.1; S2:106', {
    statement: 'A Close frame never carries 1005, 1006 or 1015, which an endpoint only reports to itself',
    witness: 'a Close frame',
  }),
  must('TR-002', 'both', 'RFC 6455 §5.5.2; RFC 6455 §5.5.3', {
    statement: 'A Ping is answered with a Pong that has the same payload',
    witness: 'a Ping',
  }),
  must('TR-003', 'both', 'RFC 6455 §8.1', {
    statement: 'Text is valid UTF-8, in messages and in the reasons of Close frames',
    witness: 'a text message',
    unseen: CLIENT_MAY_NOT,
  }),
  must('TR-004', 'both', 'RFC 6455 §5.5.1', {
    statement: 'No data follows the Close frame of the same side',
    witness: 'a Close frame',
  }),
  must('TR-005', 'both', 'RFC 6455 §5.5.1', {
    statement: 'A Close frame is answered with a Close frame',
    witness: 'a Close frame of the other side',
  }),
];
