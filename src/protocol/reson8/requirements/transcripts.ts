import { rowsOf } from '../../rows.ts';

const { must, should } = rowsOf('reson8');

/** Transcripts: their fields and their sequence. */
export const TRANSCRIPTS = [
  must('R8-TR-001', 'server', 'S4:104', {
    statement: 'Every transcript has a string `text`',
    witness: 'a transcript',
  }),
  must('R8-TR-002', 'server', 'S4:29,105', {
    statement: 'With include_interim, every transcript has a boolean `is_final`',
    witness: 'a transcript with include_interim',
  }),
  should('R8-TR-003', 'server', 'S4:29,105', {
    statement: 'Without include_interim, no transcript has `is_final`',
    witness: 'a transcript without include_interim',
  }),
  must('R8-TR-004', 'server', 'S4:82', {
    statement: 'Without include_interim there are no interim results: the text of a segment comes once',
    witness: 'a transcript without include_interim',
  }),
  must('R8-TR-005', 'server', 'S4:26,106-107', {
    statement: 'With include_timestamps, a transcript has the numbers `start_ms` and `duration_ms`',
    witness: 'a transcript with include_timestamps',
    ambiguity: 'A18',
  }),
  should('R8-TR-006', 'server', 'S4:26,106-107', {
    statement: 'Without include_timestamps, a transcript has neither `start_ms` nor `duration_ms`',
    witness: 'a transcript without include_timestamps',
  }),
  must('R8-TR-007', 'server', 'S4:27,108', {
    statement: 'With include_words, a transcript has an array `words`',
    witness: 'a transcript with include_words',
    ambiguity: 'A18',
  }),
  should('R8-TR-008', 'server', 'S4:27,108', {
    statement: 'Without include_words, a transcript has no `words`',
    witness: 'a transcript without include_words',
  }),
  should('R8-TR-009', 'server', 'S4:106-107', {
    statement: 'Neither `start_ms` nor `duration_ms` of a transcript is negative',
    witness: 'a transcript with times',
  }),
  should('R8-TR-010', 'server', 'S4:82,92', {
    statement: 'Final transcripts come in the order of the audio and do not overlap',
    witness: 'two final transcripts with times',
  }),
  should('R8-TR-011', 'server', 'S4:82', {
    statement: 'A final transcript is neither repeated nor changed',
    witness: 'two final transcripts',
  }),
  should('R8-TR-012', 'server', 'S4:82', {
    statement: 'The `text` of a transcript is not blank',
    witness: 'a transcript',
    ambiguity: 'A17',
  }),
  should('R8-TR-013', 'server', 'S4:82', {
    statement: 'Audio that is nothing but silence gives no transcript',
    witness: 'some seconds of pure silence',
  }),
  should('R8-TR-014', 'server', 'S4:106-107', {
    statement: 'A transcript does not end beyond the audio sent so far',
    witness: 'a transcript with times, and audio whose length is known',
  }),
  should('R8-TR-015', 'server', 'S4:82', {
    statement: 'An interim transcript after a final one is about later audio',
    witness: 'a final transcript, then an interim one',
  }),
  should('R8-TR-016', 'client', 'S4:82', {
    statement: 'The client replaces interim transcripts and keeps final ones',
    witness: 'both kinds of transcript sent to a client that reports',
  }),
  should('R8-TR-017', 'server', 'S4:22-24', {
    statement:
      'The same audio in another documented format, such as 8 kHz or two channels, has the same times within a tolerance',
    witness: 'the same recording in two formats, with times',
  }),
];

/** The words of a transcript. */
export const WORDS = [
  must('R8-W-001', 'server', 'S4:113', {
    statement: 'Every word has a string `text`',
    witness: 'a word',
  }),
  must('R8-W-002', 'server', 'S4:26,114-115', {
    statement: 'With include_timestamps, a word has the numbers `start_ms` and `duration_ms`',
    witness: 'a word with include_timestamps',
  }),
  should('R8-W-003', 'server', 'S4:26,114-115', {
    statement: 'Without include_timestamps, a word has neither `start_ms` nor `duration_ms`',
    witness: 'a word without include_timestamps',
  }),
  must('R8-W-004', 'server', 'S4:28,116', {
    statement: 'With include_confidence, a word has the number `confidence`',
    witness: 'a word with include_confidence',
  }),
  should('R8-W-005', 'server', 'S4:28,116', {
    statement: 'Without include_confidence, a word has no `confidence`',
    witness: 'a word without include_confidence',
  }),
  must('R8-W-006', 'server', 'S4:116', {
    statement: 'The `confidence` of a word is from 0 to 1',
    witness: 'a word with a `confidence`',
    ambiguity: 'A16',
  }),
  should('R8-W-007', 'server', 'S4:95-100', {
    statement: 'Words come in the order in which they were spoken and do not overlap',
    witness: 'two words with times',
  }),
  should('R8-W-008', 'server', 'S4:92-100', {
    statement: 'Words lie within the times of their transcript',
    witness: 'a word and a transcript with times',
  }),
  should('R8-W-009', 'server', 'S4:90,95-100', {
    statement:
      'The words, joined with spaces, equal the `text` of the transcript, apart from case and punctuation',
    witness: 'a word',
  }),
  should('R8-W-010', 'server', 'S4:92-95', {
    statement: 'The times of words count from the beginning of the audio, like those of their transcript',
    witness: 'a transcript that does not start at 0, with words',
  }),
];
