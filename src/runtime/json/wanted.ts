// No compiler checks the values that tests in JavaScript pass.

import { UserError, type Mistake } from '../errors.ts';
import { listed } from '../text/listed.ts';
import { fieldsOf, isFields } from './fields.ts';
import { isBetween, isTexts, kindOf, numberShown, unknownNames } from './given.ts';

/** The maximum length of a text in an error. */
const LONGEST_SHOWN = 100;

/** What a value has to be. */
export interface Wanted {
  /** In words, such as `a text`. */
  readonly what: string;
  readonly fits: (value: unknown) => boolean;
  /** How one that does not fit is shown (by its kind, since it may be a secret). */
  readonly shown?: (value: unknown) => string;
  /** What the values in an object have to be. */
  readonly within?: Readonly<Record<string, Wanted>>;
  readonly isRequired?: true;
}

/** Anything. */
export const ANYTHING: Wanted = { what: 'anything', fits: () => true };
/** A text. */
export const TEXT: Wanted = { what: 'a text', fits: (value) => typeof value === 'string' };
/** A list of texts. */
export const TEXTS: Wanted = { what: 'a list of texts', fits: isTexts };
/** True or false. */
export const SWITCH: Wanted = { what: 'true or false', fits: (value) => typeof value === 'boolean' };
/** A function. */
export const FUNCTION: Wanted = { what: 'a function', fits: (value) => typeof value === 'function' };
/** A signal; not by its class, since another realm, as in a test with jsdom, has a class of its own. */
export const SIGNAL: Wanted = {
  what: 'an AbortSignal',
  fits: (value) =>
    isFields(value) && ['aborted', 'addEventListener', 'removeEventListener'].every((name) => name in value),
};

/** A number that is not below another one. */
export function numberFrom(low: number): Wanted {
  const what = low === -Infinity ? 'a number' : `a number from ${low}`;
  return { what, fits: (value) => isBetween(value, low, Infinity), shown: numberShown };
}

/** A whole number that is not below another one. */
export function wholeFrom(low: number): Wanted {
  const fits = (value: unknown) => Number.isSafeInteger(value) && isBetween(value, low, Infinity);
  return { what: `a whole number from ${low}`, fits, shown: numberShown };
}

/** One of several texts. */
export function oneOf(choices: readonly string[]): Wanted {
  return {
    what: listed(choices),
    fits: (value) => choices.some((choice) => choice === value),
    shown: (value) => (typeof value === 'string' ? `"${value.slice(0, LONGEST_SHOWN)}"` : kindOf(value)),
  };
}

/** An object with these values. */
export function objectOf(within: Readonly<Record<string, Wanted>>): Wanted {
  return { what: 'an object', fits: isFields, within };
}

/** A list of objects with these values, which may have others besides. */
export function listOf(what: string, each: Readonly<Record<string, Wanted>>): Wanted {
  const isOne = (value: unknown) =>
    isFields(value) && Object.entries(each).every(([name, { fits }]) => fits(value[name]));
  return { what, fits: (value) => Array.isArray(value) && value.every(isOne) };
}

/** The same, which may not be left out. */
export function required(wanted: Wanted): Wanted {
  return { ...wanted, isRequired: true };
}

/**
 * What is wrong in an object of options: unknown names, and values that do not fit.
 *
 * @param option the option that the object was given to, if it is one of several
 */
export function mistakesIn(
  given: unknown,
  wanted: Readonly<Record<string, Wanted>>,
  option?: string,
): readonly Mistake[] {
  const unknown = unknownNames(given, Object.keys(wanted), option);
  if (given !== undefined && !isFields(given)) return unknown;
  const values = fieldsOf(given);
  const wrong = Object.entries(wanted).flatMap(([name, each]) => {
    const path = option === undefined ? name : `${option}.${name}`;
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined)
      return each.isRequired === true ? [{ option: path, what: `expected ${each.what}, got nothing` }] : [];
    if (each.within !== undefined) return mistakesIn(value, each.within, path);
    return each.fits(value) ? [] : [{ option: path, what: mismatch(each, value) }];
  });
  return [...unknown, ...wrong];
}

/** @throws UserError for options of a function that mean nothing, and for values that do not fit */
export function refuseWrong(command: string, given: unknown, wanted: Readonly<Record<string, Wanted>>): void {
  const wrong = mistakesIn(given, wanted);
  if (wrong.length > 0) throw new UserError(wrong.map((mistake) => ({ command, ...mistake })));
}

/** What is wrong with an argument of a function, if anything. */
export function misfit(command: string, value: unknown, wanted: Wanted): UserError | undefined {
  return wanted.fits(value) ? undefined : new UserError(mismatch(wanted, value), { command });
}

/** @throws UserError for an argument of a function that does not fit */
export function mustFit(command: string, value: unknown, wanted: Wanted): void {
  const mistake = misfit(command, value, wanted);
  if (mistake !== undefined) throw mistake;
}

function mismatch({ what, shown = kindOf }: Wanted, value: unknown): string {
  return `expected ${what}, got ${shown(value)}`;
}
