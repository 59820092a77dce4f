import { FLAGGED } from './editions.ts';
import { rowsOf } from '../../rows.ts';

const { must, should } = rowsOf('scriptix', 'scriptix-stream');

/** Final results and their words. */
export const FINALS = [
  must('SX-FIN-001', 'server', 'S0:72', {
    statement: 'The `text` of a final is a string',
    witness: 'a final',
  }),
  must('SX-FIN-002', 'server', 'S0:73', {
    statement: 'The `is_final` of a final is the boolean true',
    witness: 'a final',
    editions: FLAGGED,
  }),
  must('SX-FIN-003', 'server', 'S0:74', {
    statement: 'The `offset_ms` of a final is an integer',
    witness: 'a final',
    editions: FLAGGED,
  }),
  must('SX-FIN-004', 'server', 'S0:75; S1:25', {
    statement: 'A final has an array `words`',
    witness: 'a final',
  }),
  must('SX-FIN-005', 'server', 'S0:75; S2:83', {
    statement: 'Every word is an array of four elements',
    witness: 'a word',
  }),
  must('SX-FIN-006', 'server', 'S0:63-68,75; S2:77-78,83', {
    statement:
      'The elements of a word are its text, its start and end in milliseconds (numbers, preferably integers) and its confidence (a number)',
    witness: 'a word',
  }),
  should('SX-FIN-007', 'server', 'S0:63-68; S1:34,41', {
    statement: 'The confidence of a word is from 0 to 1',
    witness: 'a word',
  }),
  should('SX-FIN-008', 'server', 'S0:63-68', {
    statement: 'A word does not start before 0 or end before it starts',
    witness: 'a word',
  }),
  should('SX-FIN-009', 'server', 'S0:63-68', {
    statement: 'Words come in the order in which they were spoken and do not overlap',
    witness: 'two words',
  }),
  should('SX-FIN-010', 'server', 'S0:59,63-68', {
    statement: 'The words, joined, equal the `text` of the final, apart from case, spaces and punctuation',
    witness: 'a word',
    ambiguity: 'A6',
  }),
  should('SX-FIN-011', 'server', 'S0:61-63; S2:75-78', {
    statement:
      'Word times count from the same point in all finals of a session, most likely from `offset_ms`',
    witness: 'two finals that do not start at 0',
    editions: FLAGGED,
    ambiguity: 'A7',
  }),
  should('SX-FIN-012', 'server', 'S0:74-75', {
    statement: 'The last word of a final does not end beyond the audio sent so far',
    witness: 'a word, and audio whose length is known',
    ambiguity: 'A24',
  }),
  should('SX-FIN-013', 'server', 'S0:79-84', {
    statement: 'A final has the `offset_ms` of its partials',
    witness: 'a final that had partials',
    editions: FLAGGED,
    ambiguity: 'A4',
  }),
  must('SX-FIN-014', 'server', 'S0:72; S1:40', {
    statement: 'A final never changes: no second final has the same `offset_ms` and another text',
    witness: 'two finals',
  }),
  should('SX-FIN-015', 'server', 'S0:84-86', {
    statement: 'The `offset_ms` of finals increases',
    witness: 'two finals',
  }),
  should('SX-FIN-016', 'server', 'S0:72', {
    statement: 'No final is sent twice',
    witness: 'two finals',
  }),
  should('SX-FIN-017', 'server', 'S0:56', {
    statement: 'A segment ends after about 15 words',
    witness: 'a segment of more than 15 words',
    ambiguity: 'A8',
  }),
  should('SX-FIN-018', 'server', 'S0:56', {
    statement: 'A segment ends after about 30 s of audio',
    witness: 'speech without a pause for longer than that',
    ambiguity: 'A8',
  }),
  must('SX-FIN-019', 'server', 'S1:42; S2:80', {
    statement: 'If a final has a `speaker`, it is a string',
    witness: 'a final with a `speaker`',
    unseen: 'not-applicable',
    ambiguity: 'A23',
  }),
  must('SX-FIN-020', 'client', 'S1:35,42', {
    statement: 'The client accepts finals with and without a `speaker`',
    witness: 'both kinds of final sent to the client',
  }),
  must('SX-FIN-021', 'client', 'S0:72; S1:40', {
    statement: 'The client keeps every final exactly once and does not change it',
    witness: 'a final sent to a client that reports',
  }),
  should('SX-FIN-022', 'server', 'S0:75; S1:25', {
    statement: 'A final whose `text` is not blank has words',
    witness: 'a final with a text',
  }),
  should('SX-FIN-023', 'server', 'S0:84-86', {
    statement: 'A segment ends before the next one begins',
    witness: 'two finals',
  }),
];
