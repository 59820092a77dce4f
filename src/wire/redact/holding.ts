import { GramIndex } from './grams.ts';

const GRAM = 3;

/**
 * A search for any of these words of ASCII characters, in one pass over a text. A word with a capital is searched for as
 * it is, any other in any case.
 */
export function holdingAny(words: readonly string[]): (text: string) => boolean {
  const long = new GramIndex<string>(GRAM, true);
  for (const word of words) {
    const [first] = long.gramsOf(word);
    if (first !== undefined) long.add(first, word);
  }
  const short = words.filter(({ length }) => length < GRAM);
  return (text) =>
    short.some((word) => text.includes(word)) ||
    long.some(text, (filed, from) => filed.some((word) => isAt(text, from, word)));
}

function isAt(text: string, from: number, word: string): boolean {
  if (text.startsWith(word, from)) return true;
  return !/[A-Z]/.test(word) && text.slice(from, from + word.length).toLowerCase() === word;
}
