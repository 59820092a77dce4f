import { rowsOf } from '../../rows.ts';

const { must, should } = rowsOf('reson8-turns');

/** What the vendor's page says about servers of turns (MUST), and what its own clients rely on (SHOULD). */
export const OF_SERVERS = [
  must('R8-TURN-002', 'server', 'T', {
    statement:
      'The server accepts a valid credential in the three forms of the realtime socket, and answers an invalid one with 401',
    witness: 'a connection attempt for turns with a known credential, or with none',
    ambiguity: 'A14',
  }),
  must('R8-TURN-003', 'server', 'T', {
    statement:
      'Every message of the server is text with a JSON object of the type turn_start, turn_end_candidate, turn_continuation or turn_end',
    witness: 'a message for turns other than a flush confirmation',
    ambiguity: 'A14',
  }),
  must('R8-TURN-004', 'server', 'T', {
    statement: 'A turn begins with turn_start, and no other event comes outside a turn',
    witness: 'an event of a turn',
  }),
  should('R8-TURN-005', 'server', 'T', {
    statement: 'A turn_continuation only follows a candidate of the same turn',
    witness: 'a turn_continuation',
    unseen: 'not-applicable',
  }),
  must('R8-TURN-006', 'server', 'T; OV', {
    statement: 'A turn_end only follows a candidate of the same turn, and closes the turn once',
    witness: 'a turn_end, or a turn that begins after another',
  }),
  must('R8-TURN-007', 'server', 'T', {
    statement: 'Only candidates carry `text`, and it is a string',
    witness: 'an event of a turn',
  }),
  should('R8-TURN-008', 'server', 'LK; OV', {
    statement: 'A later candidate of a turn holds the whole turn, not only what is new',
    witness: 'two candidates with words in one turn',
    unseen: 'not-applicable',
  }),
  must('R8-TURN-009', 'server', 'T', {
    statement:
      'With include_timestamps, a candidate and its words have the numbers `start_ms` and `duration_ms`; without it, neither',
    witness: 'a candidate',
  }),
  must('R8-TURN-010', 'server', 'T', {
    statement:
      'With include_words, a candidate has an array `words`, each with a string `text` and no `confidence`; without it, none',
    witness: 'a candidate',
  }),
  must('R8-TURN-011', 'server', 'T', {
    statement: 'With include_language, a candidate has a string `language`; without it, none',
    witness: 'a candidate',
  }),
  should('R8-TURN-012', 'server', 'T', {
    statement:
      'The words of a candidate are in order, lie within its times, and joined with spaces equal its `text`',
    witness: 'a candidate with words',
  }),
  should('R8-TURN-013', 'server', 'T', {
    statement:
      'Turns come in order and do not overlap; their times count from the beginning of the audio and are not ahead of it',
    witness: 'a candidate with times',
  }),
  should('R8-TURN-014', 'server', 'LK', {
    statement: 'The socket for turns sends no flush_confirmation',
    witness: 'a flush request, or a confirmation, on a connection for turns',
  }),
  must('R8-TURN-015', 'server', 'LK', {
    statement: 'A flush with buffered speech leads to a candidate and a turn_end',
    witness: 'a flush after speech, or in an open turn',
  }),
  should('R8-TURN-016', 'server', 'T', {
    statement: 'Audio that is nothing but silence gives no turn',
    witness: 'some seconds of pure silence on a connection for turns',
  }),
  should('R8-TURN-017', 'server', 'LK', {
    statement:
      'An eager probability above the final one, a value out of range, an unknown encoding and an unknown custom model are answered with 400',
    witness: 'a connection attempt for turns with such a value',
    ambiguity: 'A14',
  }),
  should('R8-TURN-018', 'server', 'T', {
    statement: 'The session goes on after a turn and after a flush',
    witness: 'more audio after a turn or a flush',
  }),
  should('R8-TURN-019', 'server', '', {
    statement: 'A connection for turns only receives turns of its own audio',
    witness: 'different recordings on different connections for turns',
  }),
];
