import { chance, chooseInteger } from '../../runtime/random.ts';

/** Shorter ones could be somebody's by accident. */
const SHORTEST = 24;
const CLASSES = ['abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '0123456789'] as const;

/**
 * A token that nobody has, in the form of another: letters for letters and digits for digits, so that it is not refused
 * for how it looks. A short one is made longer. The same for the same seed.
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
