import type { Broken } from '../harness/broken.ts';
import {
  asksFor,
  detailsOf,
  isTranscript,
  numberIn,
  saying,
  withDetail,
  without,
} from '../harness/changes.ts';
import type { Fields, Mutation } from '../harness/mutation.ts';

const words = asksFor('words');
const timedWords = asksFor('timestamps', 'words');
const sureWords = asksFor('words', 'confidence');

function eachWord(change: (word: Fields) => Fields, where = words): Mutation {
  return saying(isTranscript, (message) => ({ ...message, words: detailsOf(message).map(change) }), where);
}

/** The times of two words, exchanged. */
function disordered(message: Fields): Fields {
  const [, second, third] = detailsOf(message);
  if (second === undefined || third === undefined) return message;
  const changed = withDetail(message, 1, (word) => ({ ...third, text: word['text'] }));
  return withDetail(changed, 2, (word) => ({ ...second, text: word['text'] }));
}

/** Words (S4:88-116). */
export const reson8Words: readonly Broken[] = [
  {
    id: 'R8-W-001',
    dialect: 'reson8',
    breaks: 'has a word without a text',
    mutation: eachWord((word) => without(word, 'text')),
  },
  {
    id: 'R8-W-002',
    dialect: 'reson8',
    breaks: 'has words without a duration although times were asked for',
    mutation: eachWord((word) => without(word, 'duration_ms'), timedWords),
  },
  {
    id: 'R8-W-003',
    dialect: 'reson8',
    breaks: 'has words with times that were not asked for',
    mutation: eachWord((word) => ({ ...word, start_ms: 0 })),
  },
  {
    id: 'R8-W-004',
    dialect: 'reson8',
    breaks: 'has no confidence although it was asked for',
    mutation: eachWord((word) => without(word, 'confidence'), sureWords),
  },
  {
    id: 'R8-W-005',
    dialect: 'reson8',
    breaks: 'has a confidence that was not asked for',
    mutation: eachWord((word) => ({ ...word, confidence: 0.5 })),
  },
  {
    id: 'R8-W-006',
    dialect: 'reson8',
    breaks: 'has confidences in percent',
    mutation: eachWord((word) => ({ ...word, confidence: 95 }), sureWords),
  },
  {
    id: 'R8-W-006',
    dialect: 'reson8',
    breaks: 'has the logarithms of confidences',
    mutation: eachWord((word) => ({ ...word, confidence: Math.log(Number(word['confidence'])) }), sureWords),
  },
  {
    id: 'R8-W-007',
    dialect: 'reson8',
    breaks: 'has words in a different order from that in which they were spoken',
    mutation: saying(isTranscript, disordered, timedWords),
  },
  {
    id: 'R8-W-008',
    dialect: 'reson8',
    breaks: 'has a word that ends after its transcript',
    mutation: saying(
      isTranscript,
      (message) =>
        withDetail(message, -1, (word) => ({ ...word, duration_ms: numberIn(word, 'duration_ms') + 500 })),
      timedWords,
    ),
  },
  {
    id: 'R8-W-009',
    dialect: 'reson8',
    breaks: 'has words that differ from the text',
    mutation: saying(
      isTranscript,
      (message) => withDetail(message, 0, (word) => ({ ...word, text: 'understudy' })),
      words,
    ),
  },
  {
    id: 'R8-W-010',
    dialect: 'reson8',
    breaks: 'counts word times from the start of the transcript',
    mutation: saying(
      isTranscript,
      (message) => ({
        ...message,
        words: detailsOf(message).map((word) => ({
          ...word,
          start_ms: numberIn(word, 'start_ms') - numberIn(message, 'start_ms'),
        })),
      }),
      timedWords,
    ),
  },
];
