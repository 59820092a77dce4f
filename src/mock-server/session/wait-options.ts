import { UserError } from '../../runtime/errors.ts';
import { unknownNames } from '../../runtime/json/given.ts';
import { SIGNAL } from '../../runtime/json/wanted.ts';

type Expected = readonly [isRight: (value: unknown) => boolean, what: string];

const MILLISECONDS: Expected = [
  (value) => typeof value === 'number' && value >= 0,
  'a number of milliseconds, 0 or more',
];

/** What is expected of the options of waits. A test in JavaScript has no compiler that says so. */
const EXPECTED: Readonly<Record<string, Expected>> = {
  ...{ timeoutMs: MILLISECONDS, ms: MILLISECONDS, exactlyMs: MILLISECONDS },
  ...{ atLeastMs: MILLISECONDS, atMostMs: MILLISECONDS, withinMs: MILLISECONDS },
  signal: [SIGNAL.fits, SIGNAL.what],
  token: [(value) => typeof value === 'string', 'a string'],
  count: [(value) => Number.isInteger(value) && Number(value) >= 1, 'a whole number, 1 or more'],
};

/**
 * What is wrong with the options of a wait.
 * @param command the function that tests call
 * @param keys the options that it has
 */
export function mistakeInWait(
  command: string,
  given: unknown,
  keys: readonly string[],
): UserError | undefined {
  const unknown = unknownNames(given, keys);
  if (unknown.length > 0) return new UserError(unknown.map((mistake) => ({ command, ...mistake })));
  for (const [option, value] of Object.entries(given ?? {})) {
    const [isRight, what = ''] = EXPECTED[option] ?? [];
    if (value !== undefined && isRight?.(value) === false)
      return new UserError(`expected ${what}`, { command, option });
  }
  return undefined;
}
