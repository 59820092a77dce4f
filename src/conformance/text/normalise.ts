/**
 * Dashes and slashes separate words; other marks belong to one, or follow it. The usual space is not among them, since
 * replacing each would take most of the time.
 */
const BETWEEN_WORDS = /(?! )[\p{Pd}/\\_\s]/gu;
const MARKS = /[\p{P}\p{S}\p{C}ʼ]/gu;

/**
 * The part of a text that matters for comparing speech: compatibility forms, case, punctuation and the width of spaces
 * do not count (A6). Words are separated by one space.
 */
export function normalise(text: string): string {
  if (!BEYOND_ASCII.test(text)) return normaliseAscii(text.toLowerCase());
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .replace(BETWEEN_WORDS, ' ')
      .replace(MARKS, '')
      // Characters around a removed mark may now combine.
      .normalize('NFKC')
      .replace(/ {2,}/g, ' ')
      .trim()
  );
}

const BEYOND_ASCII = /[^ -~]/;

/** The same where nothing has another form. Every result is compared with others many times, and most are like this. */
function normaliseAscii(text: string): string {
  if (!NOT_NORMAL.test(text)) return text;
  return text
    .replace(/[-/\\_]/g, ' ')
    .replace(/[^a-z\d ]/g, '')
    .replace(/ {2,}/g, ' ')
    .trim();
}

const NOT_NORMAL = /[^a-z\d ]|^ | $| {2}/;

/** The words of a text, normalised. */
export function wordsOf(text: string): readonly string[] {
  const normal = normalise(text);
  return normal === '' ? [] : normal.split(' ');
}
