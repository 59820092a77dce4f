import { UserError } from '../runtime/errors.ts';

/** The help of `--redact`. */
export const REDACT_DESCRIBED =
  'Name of a header, parameter or field that is a secret, in addition to the known ones; repeatable';

const LONGEST_NAME = 200;
const MOST_NAMES = 100;

/**
 * The names given with `--redact`, which may be repeated.
 *
 * @throws UserError for what cannot be a name
 */
export function readRedact(names: readonly string[]): readonly string[] {
  if (names.length > MOST_NAMES) throw new UserError(`at most ${MOST_NAMES} names are allowed`);
  for (const name of names) {
    if (name.length > LONGEST_NAME || !/[\p{L}\p{N}]/u.test(name)) {
      throw new UserError(
        `expected the name of a header, parameter or field such as tenant-pin, at most ${LONGEST_NAME} characters`,
      );
    }
  }
  return names;
}
