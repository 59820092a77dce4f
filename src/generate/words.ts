const SHORTEST_MS = 120;
const LONGEST_MS = 900;

/** Measured on our own sentences in all languages: these give a mean of about 330 ms. */
const WORD_MS = 40;
const SYLLABLE_MS = 90;
const LETTER_MS = 30;

/**
 * How long `text` takes to say, in whole milliseconds from 120 to 900: 330 on average, which with pauses is about 160
 * words a minute. `at` is a random number in [0, 1): no one says a word twice in exactly the same time (±15 %).
 */
export function spokenMs(text: string, at: number): number {
  return Math.round(Math.min(LONGEST_MS, Math.max(SHORTEST_MS, rememberedMs(text) * (0.85 + 0.3 * at))));
}

/**
 * The times that words usually take are cached, because counting syllables takes longer than everything else that is
 * done for a word.
 */
const usual = new Map<string, number>();
const MOST_REMEMBERED = 4096;
/** V8 may keep a longer word as a part of the text that it comes from, and with it all of that text. */
const LONGEST_REMEMBERED = 12;

function rememberedMs(text: string): number {
  const known = usual.get(text);
  if (known !== undefined) return known;
  const ms = usualMsOf(text);
  if (text.length > LONGEST_REMEMBERED) return ms;
  if (usual.size >= MOST_REMEMBERED) usual.clear();
  usual.set(text, ms);
  return ms;
}

function usualMsOf(text: string): number {
  const syllables = Math.max(
    1,
    count(text.normalize('NFD'), /[aeiouyæœøı]\p{M}*(?:[aeiouyæœøı]\p{M}*)*|\p{N}/giu),
  );
  const letters = count(text, /[\p{L}\p{N}]/gu);
  return WORD_MS + SYLLABLE_MS * syllables + LETTER_MS * letters;
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

/**
 * How sure a recogniser is of a word: 0.80 to 0.99 in two decimals, mostly high as in the documents' samples (S0:59-66,
 * S4:93-98). `at` is a random number in [0, 1).
 */
export function confidence(at: number): number {
  return Math.round(99 - 19 * at ** 3) / 100;
}
