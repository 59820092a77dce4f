import type { z } from 'zod';
import { valueAt } from '../../runtime/json/fields.ts';

/** The maximum number of mistakes in one sentence. */
const MOST_NAMED = 5;
/** The message of a check that says no more than that a value does not fit. */
const SAYS_NOTHING = 'Invalid input';

/**
 * Which parts of a query or body, which is an object, do not fit. Names only what the schema names: what the caller
 * sent may be a secret.
 */
export function misfitsOf(
  issues: readonly z.core.$ZodIssue[],
  given: unknown,
  what: 'key' | 'parameter',
): string {
  const misfits = issues.map((issue) => misfitOf(issue, given, what));
  return [...new Set(misfits)].slice(0, MOST_NAMED).join('; ');
}

function misfitOf(issue: z.core.$ZodIssue, given: unknown, what: string): string {
  const { code, path, message } = issue;
  const place = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  const name = place.slice(1);
  if (code === 'unrecognized_keys') return name === '' ? `Unknown ${what}` : `${name} has an unknown ${what}`;
  if (valueAt(given, path) === undefined) return `${name} is missing`;
  return `${name} ${code === 'custom' && message !== SAYS_NOTHING ? message : 'does not fit'}`;
}
