/** The maximum number of words that a number may take: "nine hundred ninety nine thousand nine hundred ninety nine". */
const MOST_WORDS = 12;
/** "9", but also "9am" and "1st". */
const DIGITS = /^\d/;

/**
 * Whether two normalised texts differ only where one has digits and the other has words without any: services write
 * numbers as they like, and no document says how (A6).
 */
export function differOnlyInNumbers(a: string, b: string): boolean {
  const [one, other] = [a.split(' '), b.split(' ')];
  let [i, j] = [0, 0];
  let hasNumbers = false;
  while (i < one.length || j < other.length) {
    if (one[i] !== undefined && one[i] === other[j]) {
      i += 1;
      j += 1;
      continue;
    }
    const here = overNumber(one, i, other, j);
    const there = here === undefined ? overNumber(other, j, one, i) : undefined;
    if (here !== undefined) [i, j] = [here.digits, here.words];
    else if (there !== undefined) [i, j] = [there.words, there.digits];
    else return false;
    hasNumbers = true;
  }
  return hasNumbers;
}

/** The positions where both texts continue after a number that one writes in digits and the other in words. */
function overNumber(
  withDigits: readonly string[],
  from: number,
  withWords: readonly string[],
  start: number,
): { readonly digits: number; readonly words: number } | undefined {
  let digits = from;
  while (DIGITS.test(withDigits[digits] ?? '')) digits += 1;
  if (digits === from || DIGITS.test(withWords[start] ?? '')) return undefined;
  for (let words = start + 1; words <= Math.min(start + MOST_WORDS, withWords.length); words++) {
    // The word after the number, or the end of both.
    if (withWords[words] === withDigits[digits]) return { digits, words };
  }
  return undefined;
}
