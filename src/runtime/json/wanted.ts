// No compiler checks the values that tests in JavaScript pass.

import { UserError } from '../errors.ts';
import { listed } from '../text/listed.ts';
import { isFields } from './fields.ts';
import { kindOf } from './given.ts';

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

/** A signal; not by its class, since another realm, as in a test with jsdom, has a class of its own. */
export const SIGNAL: Wanted = {
  what: 'an AbortSignal',
  fits: (value) =>
    isFields(value) && ['aborted', 'addEventListener', 'removeEventListener'].every((name) => name in value),
};

/** One of several texts. */
export function oneOf(choices: readonly string[]): Wanted {
  return {
    what: listed(choices),
    fits: (value) => choices.some((choice) => choice === value),
    shown: (value) => (typeof value === 'string' ? `"${value.slice(0, LONGEST_SHOWN)}"` : kindOf(value)),
  };
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

/** What is wrong with a value that does not fit. */
export function mismatch({ what, shown = kindOf }: Wanted, value: unknown): string {
  return `expected ${what}, got ${shown(value)}`;
}
