// No compiler checks the values that tests in JavaScript pass.

import { listed } from '../text/listed.ts';
import type { Mistake } from '../errors.ts';
import { isFields } from './fields.ts';
import { closest } from '../text/closest.ts';

/** The maximum length of a name in an error, and the maximum number of errors about names. */
const [LONGEST_SHOWN, MOST_SHOWN] = [100, 20];

/** Whether it is a list of texts. */
export function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

/** Whether it is a number in a range. */
export function isBetween(value: unknown, low: number, high: number): value is number {
  return typeof value === 'number' && value >= low && value <= high;
}

/** A value that was given instead of a number that fits: the number, or its kind. */
export function numberShown(value: unknown): string {
  return typeof value === 'number' ? String(value) : kindOf(value);
}

/** What kind of value it is, in words: `a number`, `nothing`. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value))
    return value.every((each) => typeof each === 'string') ? 'a list of texts' : 'a list of other values';
  const names: Readonly<Record<string, string>> = { string: 'a text', object: 'an object' };
  return names[typeof value] ?? `a ${typeof value}`;
}

/**
 * What is wrong with the names in an object of options: each that means nothing, with the one that may have been meant.
 *
 * @param names all that mean something
 * @param option the option that the object was given to, if it is one of several
 */
export function unknownNames(given: unknown, names: readonly string[], option?: string): readonly Mistake[] {
  if (given === undefined) return [];
  if (!isFields(given)) {
    return [{ option, what: `expected an object with ${listed(names)}, got ${kindOf(given)}` }];
  }
  const unknown = Object.keys(given).filter((name) => !names.includes(name));
  return unknown.slice(0, MOST_SHOWN).map((name) => {
    const meant = closest(name, names);
    const shown = name.slice(0, LONGEST_SHOWN);
    const expected = meant === undefined ? `; expected ${listed(names)}` : '';
    return {
      option: option === undefined ? shown : `${option}.${shown}`,
      what: `unknown option${expected}`,
      meant,
    };
  });
}
