import { z } from 'zod';
import { parseDuration } from '../../runtime/duration.ts';

/** The forms of values that requests and answers have in common. */

const LONGEST_WAIT_MS = 600_000;

/** A whole number in a query. */
export function wholeIn(min: number, max: number) {
  return z.preprocess(
    (value) => (typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value),
    z.int().min(min).max(max),
  );
}

/** How long to wait, such as `5s`, as milliseconds. */
export const waitTime = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,9})?(ms|s|m|h)$/)
  .transform((text) => parseDuration(text) ?? Infinity)
  .refine((ms) => ms <= LONGEST_WAIT_MS)
  .prefault('5s')
  .describe('How long to wait at most, in real time, up to 10m');

/** The form of a time to wait, for errors about another form. */
export const WAIT_TIME = 'timeout=5s (at most 10m)';

/** A whole number from 0. */
export const whole = z.int().min(0);

/** The highest number of occurrences that is counted. */
export const MOST_COUNT = 1_000_000_000;
