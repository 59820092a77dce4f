import type { Broken } from '../harness/broken.ts';
import { isMicrophone, isPartial, isScriptixFinal, numberIn, onEach, wordsOf } from '../harness/changes.ts';
import type { Fields, Mutation } from '../harness/mutation.ts';

/** With fewer words it is the end of a sentence; with more it was cut off for its length. */
const WORDS_OF_A_CUT = 14;

/** Two segments that were cut become one. */
const cuttingLate: Mutation = onEach(isMicrophone, () => {
  let begun: Fields | undefined;
  return {
    onSaid(message, line) {
      const isFinal = isScriptixFinal(message);
      if (begun === undefined) {
        if (isFinal && wordsOf(message).length >= WORDS_OF_A_CUT) begun = message;
        else line.say(message);
        return;
      }
      if (!isFinal && !isPartial(message)) return line.say(message);
      line.say(joined(begun, message));
      if (isFinal) begun = undefined;
    },
  };
});

function joined(begun: Fields, message: Fields): Fields {
  const laterMs = numberIn(message, 'offset_ms') - numberIn(begun, 'offset_ms');
  const words = wordsOf(message).map(([word, start, end, confidence]) => [
    word,
    start + laterMs,
    end + laterMs,
    confidence,
  ]);
  return {
    ...message,
    text: `${String(begun['text'])} ${String(message['text'])}`,
    offset_ms: begun['offset_ms'],
    ...('words' in message ? { words: [...wordsOf(begun), ...words] } : {}),
  };
}

/** More than a segment may last. */
const TOO_LONG_MS = 45_500;

/** A segment that was cut goes on as long as there is audio, with few words. */
const cuttingNever: Mutation = onEach(isMicrophone, () => {
  let begun: Fields | undefined;
  return {
    onSaid(message, line) {
      const isFinal = isScriptixFinal(message);
      if (begun === undefined) {
        if (isFinal && wordsOf(message).length >= WORDS_OF_A_CUT) begun = message;
        else line.say(message);
        return;
      }
      const endMs = numberIn(message, 'offset_ms') + (wordsOf(message).at(-1)?.[2] ?? 0);
      const lengthMs = endMs - numberIn(begun, 'offset_ms');
      if (!isFinal || lengthMs < TOO_LONG_MS) return;
      const words = wordsOf(begun).map(([word, start, end, confidence], i, { length }) => [
        word,
        start,
        i === length - 1 ? lengthMs : end,
        confidence,
      ]);
      line.say({ ...begun, words });
      begun = undefined;
    },
  };
});

/** The maximum length of a segment (S0:56). */
export const scriptixLong: readonly Broken[] = [
  {
    id: 'SX-FIN-017',
    dialect: 'scriptix',
    breaks: 'makes a final after about 30 words',
    mutation: cuttingLate,
  },
  {
    id: 'SX-FIN-018',
    dialect: 'scriptix',
    breaks: 'has a segment of more than 45 s',
    unavoidable: [
      {
        id: 'SX-FIN-011',
        why: 'the one long session has only this final and its successors',
        isOccasional: true,
      },
    ],
    mutation: cuttingNever,
  },
];
