import { WRONG_TIMES } from '../../blame/mistakes.ts';
import {
  broken,
  held,
  heldIf,
  madeBy,
  unclear,
  type Invariant,
  type Occasion,
} from '../../judge/invariant.ts';
import { normalise, wordsOf } from '../../text/normalise.ts';
import { shown } from '../../text/shown.ts';
import type { Transcript } from '../reson8/realtime.ts';
import { madeOfWords } from '../reson8/transcripts/word-texts.ts';
import { wordsFollow, isWithin, told } from '../reson8/transcripts/word-times.ts';
import { timedWordsIn, wordsIn } from '../reson8/transcripts/words.ts';
import { perTurns, turnsIn } from './turns.ts';

/** Shorter texts may be revised completely. */
const WORDS_OF_A_SUSPECT = 3;

/** What the candidates of a turn contain, individually and in sequence. */
export const candidates: readonly Invariant[] = [
  perTurns('R8-TURN-008', function* (turns, { wordErrorRate }) {
    for (const own of turnsIn(turns)) {
      // Empty candidates say nothing about the turn.
      const speaking = own.filter(({ saysSomething }) => saysSomething);
      for (const [i, later] of speaking.entries()) {
        const earlier = speaking[i - 1];
        if (earlier !== undefined) yield whole(earlier, later, wordErrorRate);
      }
    }
  }),
  perTurns('R8-TURN-012', function* (turns, { overlapMs }) {
    for (const candidate of turns.candidates) {
      const { index, fields, span, text, saysSomething } = candidate;
      if (!Array.isArray(fields['words'])) continue;
      const timed = timedWordsIn(candidate);
      if (timed.length >= 2) yield madeBy(WRONG_TIMES, wordsFollow(index, timed, overlapMs));
      const stray = timed.find((word) => span !== undefined && !isWithin(word.span, span, overlapMs));
      if (span !== undefined && timed.length > 0) {
        const expected = `words within ${told(span)}, give or take ${overlapMs} ms`;
        const actual = () => `${shown(stray?.text)} at ${told(stray?.span)}`;
        yield madeBy(WRONG_TIMES, heldIf(stray === undefined, [index], expected, actual));
      }
      if (saysSomething && wordsIn(candidate).length === 0) {
        yield broken([index], `words that make ${shown(text)}`, 'no words');
      } else yield* madeOfWords(candidate);
    }
  }),
];

/** A recogniser may revise what it has said, but not all of it. */
function whole(earlier: Transcript, later: Transcript, mostRate: number): Occasion {
  const events = [earlier.index, later.index];
  const [before, after] = [wordsOf(earlier.text ?? ''), wordsOf(later.text ?? '')];
  if (normalise(later.text ?? '').startsWith(normalise(earlier.text ?? ''))) return held(...events);
  const share = before.length === 0 ? 1 : keptOf(before, after) / before.length;
  const expected = `a candidate with the whole turn, which began with ${shown(earlier.text)}`;
  const actual = shown(later.text);
  const goesOnFrom =
    earlier.span !== undefined && later.span !== undefined && later.span.startMs >= earlier.span.endMs;
  if (goesOnFrom) return broken(events, expected, `${actual}, from ${told(later.span)} on`);
  if (share >= mostRate) return held(...events);
  return share === 0 && before.length >= WORDS_OF_A_SUSPECT
    ? broken(events, expected, actual)
    : unclear(events, expected, actual);
}

/** How many words of one text are also in the other; each word there counts once. */
function keptOf(before: readonly string[], after: readonly string[]): number {
  const left = new Map<string, number>();
  for (const word of after) left.set(word, (left.get(word) ?? 0) + 1);
  return before.filter((word) => {
    const count = left.get(word) ?? 0;
    left.set(word, count - 1);
    return count > 0;
  }).length;
}
