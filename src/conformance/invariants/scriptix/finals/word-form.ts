import type { RequirementId } from '../../../../protocol/requirements.ts';
import { wrongType } from '../../../blame/mistakes.ts';
import {
  broken,
  doubtful,
  held,
  heldIf,
  madeBy,
  type Invariant,
  type Occasion,
} from '../../../judge/invariant.ts';
import { shown } from '../../../text/shown.ts';
import { normalise } from '../../../text/normalise.ts';
import { perConnection } from '../conversations.ts';
import { differOnlyInNumbers } from './numbers.ts';
import { AMBIGUITIES } from '../../../../protocol/ambiguities.ts';
import { finalsOf, finite, type Result } from '../results.ts';
import { entriesOf, timesOf, timeOf, wordsIn, type WordValues } from './words.ts';

/** The words of a final: `[word, start_ms, end_ms, confidence]` (S0:61-75; S2:76-83). */
export const wordForm: readonly Invariant[] = [
  perConnection('SX-FIN-005', function* (conversation) {
    for (const final of finalsOf(conversation)) {
      for (const entry of entriesOf(final)) {
        const isHeld = Array.isArray(entry) && entry.length === 4;
        yield heldIf(isHeld, [final.index], 'a word of four elements', () => `word ${shown(entry)}`);
      }
    }
  }),
  perWord('SX-FIN-006', types),
  perWord('SX-FIN-007', function* (word, { index }) {
    const confidence = finite(word[3]);
    if (confidence === undefined) return;
    const isHeld = confidence >= 0 && confidence <= 1;
    yield heldIf(isHeld, [index], 'a confidence from 0 to 1', () => `word ${shown(word)}`);
  }),
  perWord('SX-FIN-008', function* (word, { index }) {
    const time = timeOf(word);
    if (time === undefined) return;
    const isHeld = time.startMs >= 0 && time.startMs <= time.endMs;
    yield heldIf(
      isHeld,
      [index],
      'a word that starts at 0 or later and before it ends',
      () => `word ${shown(word)}`,
    );
  }),
  perConnection('SX-FIN-009', function* (conversation, { tolerances }) {
    for (const final of finalsOf(conversation)) yield* order(final, tolerances.overlapMs);
  }),
  perConnection('SX-FIN-010', function* (conversation) {
    for (const final of finalsOf(conversation)) yield* sum(final);
  }),
];

function perWord(
  id: RequirementId,
  judge: (word: WordValues, final: Result) => Iterable<Occasion>,
): Invariant {
  return perConnection(id, function* (conversation) {
    for (const final of finalsOf(conversation)) for (const word of wordsIn(final)) yield* judge(word, final);
  });
}

/** Fractional milliseconds are numbers too; those in the documents are whole. */
function* types(word: WordValues, { index }: Result): Iterable<Occasion> {
  const [text, startMs, endMs, confidence] = word;
  const expected = 'a word of string, milliseconds, milliseconds, number';
  const areNumbers = [startMs, endMs, confidence].every((each) => typeof each === 'number');
  const areWhole = [startMs, endMs].every(Number.isInteger);
  const mistake = areWhole ? undefined : wrongType(Number.isInteger(startMs) ? endMs : startMs);
  if (typeof text !== 'string' || !areNumbers) {
    yield madeBy(mistake, broken([index], expected, `word ${shown(word)}`));
  } else if (areWhole) yield held(index);
  else yield madeBy(mistake, doubtful([index], 'whole milliseconds', `word ${shown(word)}`));
}

function* order(final: Result, overlapMs: number): Iterable<Occasion> {
  const times = timesOf(final);
  if (times === undefined || times.length < 2) return;
  const at = times.findIndex((time, i) => {
    const before = times[i - 1];
    return before !== undefined && (time.startMs < before.startMs || time.startMs < before.endMs - overlapMs);
  });
  const words = wordsIn(final);
  yield heldIf(at < 0, [final.index], 'words one after the other', () => {
    return `word ${shown(words[at])} after ${shown(words[at - 1])}`;
  });
}

/** Words may include their spaces (S0:63) or not (S2:77); case and punctuation do not count (A6). */
function* sum(final: Result): Iterable<Occasion> {
  const { index, text } = final;
  const entries = entriesOf(final);
  const words = wordsIn(final).flatMap(([word]) => (typeof word === 'string' ? [word] : []));
  if (text === undefined || words.length === 0 || words.length < entries.length) return;
  const [whole, ...sums] = [text, words.join(''), words.join(' ')].map(normalise);
  if (whole === undefined) return;
  const carriesSpaces = words.some((word) => /^\s|\s$/.test(word));
  const reading = carriesSpaces ? AMBIGUITIES.A6.readings.spaces : AMBIGUITIES.A6.readings.bare;
  if (sums.includes(whole)) yield words.length < 2 ? held(index) : { ...held(index), reading };
  else if (!sums.some((each) => differOnlyInNumbers(whole, each))) {
    yield broken([index], `words that make up ${shown(text)}`, shown(words.join(carriesSpaces ? '' : ' ')));
  }
}
