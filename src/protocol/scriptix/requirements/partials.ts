import { FLAGGED } from './editions.ts';
import { rowsOf } from '../../rows.ts';

const { must, should, info } = rowsOf('scriptix', 'scriptix-stream');

/** Partial results. */
export const PARTIALS = [
  must('SX-PART-001', 'server', 'S0:47', {
    statement: 'The `text` of a partial is a string',
    witness: 'a partial',
  }),
  must('SX-PART-002', 'server', 'S0:48', {
    statement: 'The `is_final` of a partial is the boolean false',
    witness: 'a partial',
    editions: FLAGGED,
  }),
  must('SX-PART-003', 'server', 'S0:49', {
    statement: 'The `offset_ms` of a partial is an integer',
    witness: 'a partial',
    editions: FLAGGED,
  }),
  must('SX-PART-004', 'server', 'S0:50', {
    statement: 'A partial has a `stability`, a number from 0 to 1',
    witness: 'a partial',
    editions: FLAGGED,
  }),
  should('SX-PART-005', 'server', 'S0:49', {
    statement: 'The `offset_ms` of a partial is not negative',
    witness: 'a partial',
    editions: FLAGGED,
  }),
  should('SX-PART-006', 'server', 'S0:38,52', {
    statement: 'The `text` of a partial is not blank',
    witness: 'a partial',
  }),
  must('SX-PART-007', 'server', 'S0:52', {
    statement: 'There is no result while the audio so far is nothing but silence',
    witness: 'some seconds of pure silence',
    ambiguity: 'A26',
  }),
  must('SX-PART-008', 'server', 'S0:38', {
    statement: 'The first result of a connection is a partial',
    witness: 'a result',
    ambiguity: 'A25',
  }),
  should('SX-PART-009', 'server', 'S0:79-84', {
    statement: 'All results of a segment have the same `offset_ms`',
    witness: 'two results of one segment',
    editions: FLAGGED,
    ambiguity: 'A4',
  }),
  should('SX-PART-010', 'server', 'S0:84-86', {
    statement: 'A new segment has a larger `offset_ms` than the one before',
    witness: 'two segments',
  }),
  info('SX-PART-011', 'server', 'S0:38,47; S1:39', {
    statement: 'The text of a segment grows from partial to partial, although it may also change',
    witness: 'two partials of one segment',
    ambiguity: 'A5',
  }),
  must('SX-PART-012', 'client', 'S0:38,47', {
    statement: 'The client shows the latest partial in place of the one before',
    witness: 'two partials sent to a client that reports what it shows',
  }),
  should('SX-PART-013', 'server', 'S0:72,84-85; S1:40', {
    statement: 'No partial comes for a segment that already has its final',
    witness: 'a final, and a result after it',
    editions: FLAGGED,
  }),
  should('SX-PART-014', 'server', 'S0:49', {
    statement: 'The `offset_ms` of a partial is not beyond the audio sent so far',
    witness: 'a partial, and audio whose length is known',
    editions: FLAGGED,
    ambiguity: 'A24',
  }),
];
