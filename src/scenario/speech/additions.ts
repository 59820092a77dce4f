/** What made-up speech contains in addition to its sentences. The known words of a recording are not changed. */
export interface Additions {
  /** Said in turn, each without interruption. */
  readonly phrases: readonly string[];
  /** How often a phrase is said: from 0, never, approaching one in every block as it grows. */
  readonly strength: number;
  /** How many blocks contain a filler such as `um`: none, every third, or all. */
  readonly fillers: 'none' | 'some' | 'all';
}

/** A block has this many words of the sentences. */
const BLOCK_WORDS = 9;
/** How many of them come before the phrase, and before the filler. */
const PHRASE_AT = 2;
const FILLER_AT = 5;
const SOME_FILLERS = 3;

/** The `index`-th word for a seed. */
type WordAt = (seed: number, index: number) => string;

/**
 * The words of sentences, with the additions inserted between them. A pure function that caches its position, so asking
 * for the words of one seed in order is fastest.
 */
export function withAdditions(
  wordAt: WordAt,
  { phrases, strength, fillers }: Additions,
  fillerWords: readonly string[],
): WordAt {
  const share = Math.min(1, strength / (1 + strength)) || 0;
  const spoken = phrases.map((phrase) => phrase.split(/\s+/).filter((word) => word !== ''));

  const phraseOf = (block: number): readonly string[] => {
    // Evenly spread, beginning with the first block.
    const before = Math.ceil(block * share);
    const isDue = spoken.length > 0 && Math.ceil((block + 1) * share) > before;
    return isDue ? (spoken[before % spoken.length] ?? []) : [];
  };
  const fillerOf = (block: number): readonly string[] => {
    const isDue = fillers === 'all' || (fillers === 'some' && block % SOME_FILLERS === 0);
    return isDue ? [fillerWords[block % fillerWords.length] ?? ''] : [];
  };
  const wordsOf = (seed: number, block: number): readonly string[] => {
    const own = Array.from({ length: BLOCK_WORDS }, (_, i) => wordAt(seed, block * BLOCK_WORDS + i));
    return [
      ...own.slice(0, PHRASE_AT),
      ...phraseOf(block),
      ...own.slice(PHRASE_AT, FILLER_AT),
      ...fillerOf(block),
      ...own.slice(FILLER_AT),
    ];
  };
  const begin = (seed: number) => ({ seed, block: 0, first: 0, words: wordsOf(seed, 0) });

  let last: ReturnType<typeof begin> | undefined;
  return (seed, index) => {
    let place = last?.seed === seed && index >= last.first ? last : begin(seed);
    while (index >= place.first + place.words.length) {
      const block = place.block + 1;
      place = { seed, block, first: place.first + place.words.length, words: wordsOf(seed, block) };
    }
    last = place;
    return place.words[index - place.first] ?? '';
  };
}
