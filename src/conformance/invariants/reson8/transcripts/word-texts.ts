import { broken, held, withReading, type Invariant, type Occasion } from '../../../judge/invariant.ts';
import { shown } from '../../../text/shown.ts';
import { wordsOf } from '../../../text/normalise.ts';
import { perRealtime, type Transcript } from '../realtime.ts';
import { AMBIGUITIES } from '../../../../protocol/ambiguities.ts';
import { wordsIn } from './words.ts';

/** The words joined with spaces are the text (S4:90-100), apart from case and punctuation (A6). */
export const wordTexts: readonly Invariant[] = [
  perRealtime('R8-W-009', function* ({ transcripts }) {
    for (const transcript of transcripts) yield* madeOfWords(transcript);
  }),
];

/** Whether the words of a message make up its text. */
export function* madeOfWords(transcript: Transcript): Iterable<Occasion> {
  const { index, text } = transcript;
  const texts = wordsIn(transcript).map((word) => word.text);
  if (text === undefined || texts.length === 0 || texts.includes(undefined)) return;
  const joined = texts.join(' ');
  const [inText, inWords] = [wordsOf(text), wordsOf(joined)];
  if (inText.join(' ') === inWords.join(' ')) yield held(index);
  else if (differInNumbers(inText, inWords))
    yield withReading(held(index), AMBIGUITIES.numbers.readings.differ);
  else yield broken([index], `words that make ${shown(text)}`, `words that make ${shown(joined)}`);
}

/** Whether two texts differ only in places where one has digits and the other has words. */
function differInNumbers(a: readonly string[], b: readonly string[]): boolean {
  if (a.some(hasDigits) === b.some(hasDigits)) return false;
  const [digits, words] = a.some(hasDigits) ? [a, b] : [b, a];
  let at = 0;
  for (const word of digits.filter((each) => !hasDigits(each))) {
    at = words.indexOf(word, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

function hasDigits(text: string): boolean {
  return /\p{N}/u.test(text);
}
