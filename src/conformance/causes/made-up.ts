import { chance, chooseInteger } from '../../runtime/random.ts';

/** Shorter tokens could belong to someone by accident. */
const SHORTEST = 24;
const CLASSES = ['abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '0123456789'] as const;

/**
 * A made-up token in the form of another: letters for letters and digits for digits, so that it is not refused for its
 * form. Short tokens are lengthened. The same seed gives the same token.
 */
export function madeUpLike(token: string, seed: number): string {
  return Array.from(token.padEnd(SHORTEST, 'a'))
    .map((character, i) => {
      const letters = CLASSES.find((each) => each.includes(character));
      if (letters === undefined) return character;
      return letters.charAt(chooseInteger(0, letters.length - 1, chance(seed, 'made-up token', i)));
    })
    .join('');
}
