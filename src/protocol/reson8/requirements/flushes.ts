import { rowsOf } from '../../rows.ts';

const { must, should } = rowsOf('reson8');

/** Flush requests and their confirmations. */
export const FLUSHES = [
  must('R8-FL-001', 'client', 'S4:71-76', {
    statement: 'A flush request is a JSON object with the type `flush_request` and an optional string `id`',
    witness: 'a flush request',
    unseen: 'not-applicable',
  }),
  must('R8-FL-002', 'server', 'S4:120', {
    statement: 'Every flush request gets exactly one confirmation',
    witness: 'a flush request',
  }),
  must('R8-FL-003', 'server', 'S4:120,127', {
    statement: 'A confirmation has exactly the `id` of its request',
    witness: 'a flush request with an `id`',
  }),
  must('R8-FL-004', 'server', 'S4:120,127', {
    statement: 'The confirmation of a request without an `id` has the `id` null',
    witness: 'a flush request without an `id`',
    ambiguity: 'A13',
  }),
  should('R8-FL-005', 'server', 'S4:120', {
    statement: 'Confirmations come in the order of the requests',
    witness: 'two flush requests pending at the same time',
  }),
  must('R8-FL-006', 'server', 'S4:69', {
    statement: 'A flush brings a transcript of the buffered speech',
    witness: 'speech, then a flush request',
  }),
  should('R8-FL-007', 'server', 'S4:69,120', {
    statement: 'The transcript of a flush comes before its confirmation',
    witness: 'speech, then a flush request',
  }),
  must('R8-FL-008', 'server', 'S4:120', {
    statement: 'No confirmation comes without a request',
    witness: 'a session',
  }),
  should('R8-FL-009', 'server', 'S4:69,105', {
    statement: 'The transcript of a flush is final',
    witness: 'speech, then a flush request, with include_interim',
  }),
  should('R8-FL-010', 'server', 'S4:69', {
    statement: 'The session goes on after a flush',
    witness: 'audio after a flush request',
  }),
  should('R8-FL-011', 'client', 'S4:127', {
    statement: 'The client matches confirmations by their `id`, and accepts null',
    witness: 'a confirmation sent to the client',
    unseen: 'not-applicable',
  }),
  should('R8-FL-012', 'client', 'S4:120', {
    statement: 'The client waits for the confirmation of its flush before it closes',
    witness: 'a client that closes after a flush request',
    unseen: 'not-applicable',
  }),
  should('R8-FL-013', 'client', 'S4:76', {
    statement: 'Flush requests that are pending at the same time have different ids',
    witness: 'two flush requests pending at the same time',
    unseen: 'not-applicable',
  }),
];
