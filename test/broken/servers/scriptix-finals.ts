import { undecided, type Broken } from '../harness/broken.ts';
import {
  isMicrophone,
  isScriptixFinal as isFinal,
  numberIn,
  onEach,
  saying,
  sayingOnce,
  withWord,
  wordsOf,
} from '../harness/changes.ts';
import type { Fields, Mutation } from '../harness/mutation.ts';

type WordTimes = readonly [number, number];

function withTimes(message: Fields, change: (times: WordTimes, at: number) => WordTimes): Fields {
  const words = wordsOf(message).map(([word, start, end, confidence], i) => [
    word,
    ...change([start, end], i),
    confidence,
  ]);
  return { ...message, words };
}

/** The times of two words in the middle, exchanged. */
function disordered(message: Fields): Fields {
  const times = wordsOf(message).map(([, start, end]): WordTimes => [start, end]);
  const [second, third] = [times[1], times[2]];
  if (second === undefined || third === undefined || times.length < 4) return message;
  return withTimes(message, (own, at) => (at === 1 ? third : at === 2 ? second : own));
}

/** A final is held back until its successor has been sent. */
const overtaken: Mutation = onEach(isMicrophone, () => {
  let finals = 0;
  let held: Fields | undefined;
  return {
    onSaid(message, line) {
      if (isFinal(message)) finals += 1;
      if (isFinal(message) && finals === 2) {
        held = message;
        return;
      }
      line.say(message);
      if (!isFinal(message) || held === undefined) return;
      line.say(held);
      held = undefined;
    },
  };
});

/** Finals (S0:54-75; S1:25,33-42; S2:68-83). */
export const scriptixFinals: readonly Broken[] = [
  {
    id: 'SX-FIN-001',
    dialect: 'scriptix',
    breaks: 'has a text that is not a string in a final',
    mutation: sayingOnce(3, isFinal, (message) => ({ ...message, text: null })),
  },
  {
    id: 'SX-FIN-002',
    dialect: 'scriptix',
    breaks: 'has is_final as a number in a final',
    mutation: sayingOnce(1, isFinal, (message) => ({ ...message, is_final: 1 })),
  },
  {
    id: 'SX-FIN-003',
    dialect: 'scriptix',
    breaks: 'has offset_ms as a string in a final',
    mutation: sayingOnce(1, isFinal, (message) => ({ ...message, offset_ms: String(message['offset_ms']) })),
  },
  {
    id: 'SX-FIN-004',
    dialect: 'scriptix',
    breaks: 'has null for the words of a final',
    mutation: sayingOnce(1, isFinal, (message) => ({ ...message, words: null })),
  },
  {
    id: 'SX-FIN-005',
    dialect: 'scriptix',
    breaks: 'has words without a confidence',
    mutation: sayingOnce(1, isFinal, (message) => withWord(message, 0, (word) => word.slice(0, 3))),
  },
  {
    id: 'SX-FIN-006',
    dialect: 'scriptix',
    breaks: 'has word times as strings',
    mutation: sayingOnce(1, isFinal, (message) =>
      withWord(message, 0, ([word, start, end, confidence]) => [
        word,
        String(start),
        String(end),
        confidence,
      ]),
    ),
  },
  {
    id: 'SX-FIN-007',
    dialect: 'scriptix',
    breaks: 'has word confidences in percent',
    mutation: sayingOnce(1, isFinal, (message) =>
      withWord(message, 0, ([word, start, end]) => [word, start, end, 95]),
    ),
  },
  {
    id: 'SX-FIN-008',
    dialect: 'scriptix',
    breaks: 'has a word that ends before it starts',
    mutation: sayingOnce(1, isFinal, (message) =>
      withWord(message, -1, ([word, start, end, confidence]) => [word, end, start, confidence]),
    ),
  },
  {
    id: 'SX-FIN-009',
    dialect: 'scriptix',
    breaks: 'has words in a different order from that in which they were spoken',
    mutation: saying(isFinal, disordered),
  },
  {
    id: 'SX-FIN-010',
    dialect: 'scriptix',
    breaks: 'has words that differ from the text',
    mutation: sayingOnce(1, isFinal, (message) =>
      withWord(message, 1, ([, ...rest]) => [' understudy', ...rest]),
    ),
  },
  {
    id: 'SX-FIN-011',
    dialect: 'scriptix',
    breaks: 'changes from relative to absolute word times in the middle of a session',
    isDoubtful: true,
    mutation: sayingOnce(4, isFinal, (message) => {
      const offset = numberIn(message, 'offset_ms');
      return withTimes(message, ([start, end]) => [start + offset, end + offset]);
    }),
  },
  {
    id: 'SX-FIN-012',
    dialect: 'scriptix',
    breaks: 'has a word that ends 20 s after the audio',
    mutation: sayingOnce(2, isFinal, (message) =>
      withWord(message, -1, ([word, start, end, confidence]) => [word, start, end + 20_000, confidence]),
    ),
  },
  {
    id: 'SX-FIN-013',
    dialect: 'scriptix',
    breaks: 'has another offset_ms in a final than in its partials',
    mutation: saying(isFinal, (message) => ({ ...message, offset_ms: numberIn(message, 'offset_ms') - 20 })),
  },
  {
    id: 'SX-FIN-014',
    dialect: 'scriptix',
    breaks: 'corrects a final afterwards',
    mutation: sayingOnce(1, isFinal, (message) => [
      message,
      withWord({ ...message, text: `${String(message['text'])} indeed` }, -1, ([word, ...rest]) => [
        `${word} indeed`,
        ...rest,
      ]),
    ]),
  },
  {
    id: 'SX-FIN-014',
    dialect: 'scriptix',
    breaks: 'has the same offset_ms in all results',
    unavoidable: undecided(
      'there are no two segments to compare where all of them have one place',
      ...['SX-PART-010', 'SX-PART-013', 'SX-FIN-015', 'SX-FIN-023'],
    ),
    mutation: saying(
      (message) => 'offset_ms' in message,
      (message) => ({ ...message, offset_ms: 1800 }),
    ),
  },
  {
    id: 'SX-FIN-015',
    dialect: 'scriptix',
    breaks: 'sends a final after the one that follows it',
    mutation: overtaken,
  },
  {
    id: 'SX-FIN-016',
    dialect: 'scriptix',
    breaks: 'sends finals twice',
    mutation: saying(isFinal, (message) => [message, message]),
  },
  {
    id: 'SX-FIN-019',
    dialect: 'scriptix',
    breaks: 'numbers its speakers',
    mutation: saying(isFinal, (message) => ({ ...message, speaker: 1 })),
  },
  {
    id: 'SX-FIN-022',
    dialect: 'scriptix',
    breaks: 'leaves out the words of a final',
    mutation: sayingOnce(1, isFinal, (message) => ({ ...message, words: [] })),
  },
  {
    id: 'SX-FIN-023',
    dialect: 'scriptix',
    breaks: 'has segments that overlap',
    mutation: saying(isFinal, (message) =>
      withWord(message, -1, ([word, start, end, confidence]) => [word, start, end + 400, confidence]),
    ),
  },
];
