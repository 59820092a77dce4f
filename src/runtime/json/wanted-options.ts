// What options have to be: kept apart from `wanted.ts`, which is loaded at every start of a server.

import { UserError, type Mistake } from '../errors.ts';
import { fieldsOf, isFields } from './fields.ts';
import { isBetween, isTexts, numberShown, unknownNames } from './given.ts';
import { mismatch, type Wanted } from './wanted.ts';

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
