/**
 * Dashes and slashes stand between words; other marks belong to one, or follow it. The usual space is not among them:
 * to put one in the place of each takes most of the time.
 */
const BETWEEN_WORDS = /(?! )[\p{Pd}/\\_\s]/gu;
const MARKS = /[\p{P}\p{S}\p{C}ʼ]/gu;

/**
 * What is left of a text for comparing what was said: compatibility forms, case, punctuation and the width of spaces
 * do not count (A6). The words are separated by one space.
 */
export function normalise(text: string): string {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .replace(BETWEEN_WORDS, ' ')
      .replace(MARKS, '')
      // What stood around a mark may go together now.
      .normalize('NFKC')
      .replace(/ {2,}/g, ' ')
      .trim()
  );
}

/** The words of a text, normalised. */
export function wordsOf(text: string): readonly string[] {
  const normal = normalise(text);
  return normal === '' ? [] : normal.split(' ');
}
