import { finite, type Result } from '../results.ts';

/** The values in the brackets of a word: `[word, start_ms, end_ms, confidence]` (S0:75), of any type. */
export type WordValues = readonly unknown[];

/** When a word is said, on either time base. */
export interface WordTime {
  readonly startMs: number;
  readonly endMs: number;
}

/** The entries of `words`; none if it is not an array. */
export function entriesOf({ fields }: Result): readonly unknown[] {
  const { words } = fields;
  return Array.isArray(words) ? words : [];
}

/** The entries that are arrays of four, whose faults can be reported word by word. */
export function wordsIn(final: Result): readonly WordValues[] {
  return entriesOf(final).filter((each): each is WordValues => Array.isArray(each) && each.length === 4);
}

/** The times of a word; undefined if one of them is not a number. */
export function timeOf(word: WordValues): WordTime | undefined {
  const [startMs, endMs] = [finite(word[1]), finite(word[2])];
  return startMs === undefined || endMs === undefined ? undefined : { startMs, endMs };
}

/** The times of all words; undefined if there are none, or one of them cannot be read. */
export function timesOf(final: Result): readonly WordTime[] | undefined {
  const entries = entriesOf(final);
  const times = wordsIn(final).flatMap((word) => timeOf(word) ?? []);
  return entries.length === 0 || times.length < entries.length ? undefined : times;
}

/** From the start of the first word to the end of the last. */
export function spanOf(final: Result): WordTime | undefined {
  const times = timesOf(final);
  const [first, last] = [times?.[0], times?.at(-1)];
  return first === undefined || last === undefined
    ? undefined
    : { startMs: first.startMs, endMs: last.endMs };
}
