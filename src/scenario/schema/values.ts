import { z } from 'zod';
import { parseDuration } from '../../runtime/duration.ts';
import { oneOf } from './one-of.ts';

/**
 * The forms of values that occur in more than one place of a scenario file. Each describes what is expected, for
 * authors who wrote something else.
 */

/** The expected form of a duration. */
export const LENGTH_OF_TIME = 'expected a length of time such as 300ms, 2s or 1m';
/** The expected form of a duration that may be drawn at random. */
export const A_TIME = `${LENGTH_OF_TIME}, or a range such as {min: 1s, max: 2s}`;
/** The expected form of a percentage. */
export const PERCENTAGE = 'expected a percentage such as 5%';

/** No test waits longer than a day. */
const LONGEST_HOURS = 24;

/** A duration such as `300ms` or `2s`. */
export const durationText = z
  .string(LENGTH_OF_TIME)
  .regex(/^\d{1,9}(\.\d{1,9})?(ms|s|m|h)$/, LENGTH_OF_TIME)
  .refine(isAtMostADay, `expected at most ${LONGEST_HOURS}h`)
  .meta({ id: 'duration', description: 'A length of time: 300ms, 2s, 1.5m, 1h' });

const above0 = durationText.refine((value) => milliseconds(value) > 0, 'expected more than 0ms');

const range = z
  .strictObject({ min: durationText, max: durationText })
  .refine(({ min, max }) => milliseconds(min) <= milliseconds(max), {
    path: ['min'],
    error: 'min is longer than max',
  });

/** A duration, or one drawn at random from a range, by the seed. */
export const duration = oneOf([durationText, range], A_TIME);

const max = durationText.optional().describe('Longer values are cut to this (24h)');

/** A duration, or one drawn at random from a range or a distribution, by the seed. */
export const spread = oneOf(
  [
    duration,
    z.strictObject({
      normal: z
        .strictObject(
          { mean: durationText, deviation: durationText, max },
          'expected keys such as {mean: 200ms, deviation: 50ms}',
        )
        .describe('Normally distributed; values below 0 become 0'),
    }),
    z.strictObject({
      'log-normal': z
        .strictObject(
          { median: above0, p99: above0, max },
          'expected keys such as {median: 80ms, p99: 900ms}',
        )
        .refine(({ median, p99 }) => milliseconds(median) <= milliseconds(p99), {
          path: ['p99'],
          error: 'the 99th percentile is shorter than the median',
        })
        .describe(
          'Half are shorter than the median, and one in a hundred is longer than the 99th percentile',
        ),
    }),
    z.strictObject({
      pareto: z
        .strictObject(
          {
            min: above0,
            shape: z
              .number('expected a number such as 1.5')
              .min(0.1, 'expected a number from 0.1 to 100')
              .max(100, 'expected a number from 0.1 to 100')
              .describe('The smaller, the heavier the tail'),
            max,
          },
          'expected keys such as {min: 50ms, shape: 1.5}',
        )
        .describe('None is shorter than the minimum, and a few are much longer'),
    }),
  ],
  A_TIME,
).meta({ id: 'spread', description: 'A length of time, or a distribution' });

/** The moment that a time counts from. */
export const since = z
  .enum(['connection', 'server'])
  .describe('What the time counts from: the 101 of this connection, or the start of the server (connection)');

/** A percentage such as `50%`. */
export const percent = z
  .string(PERCENTAGE)
  .regex(/^(100(\.0{1,9})?|\d{1,2}(\.\d{1,9})?)%$/, PERCENTAGE)
  .describe('How likely, 0% to 100%');

/** A whole number within a range. */
export function whole(min: number, max: number) {
  const expected = `expected a whole number from ${min} to ${max}`;
  return z.int(expected).min(min, expected).max(max, expected);
}

/** A whole number from 1 to a million. */
export const count = whole(1, 1_000_000);

/** Any text. */
export const text = z.string('expected a text');

/** Any JSON value: YAML has numbers that JSON lacks. */
export const json = z
  .unknown()
  .refine((value) => value !== undefined, 'expected a value, which may be null')
  .refine(isJson, 'expected a value that JSON has: not .nan or .inf')
  .describe('Any JSON value, sent as compact JSON');

/** Further fields of a message. */
export const extra = z
  .record(z.string(), json, 'expected fields such as {channel: 1}')
  .describe('Fields in addition to those of the dialect');

/** A probability, or any other number. */
export const confidence = z
  .number('expected a number')
  .describe('A probability, 0 to 1, or any number to show a wrong one');

const BYTES = 'expected a text, or {text: …}, {hex: …} or {base64: …}';

/** Bytes in one of three spellings. */
export const payload = oneOf(
  [
    text,
    z.strictObject({ text }),
    z.strictObject({
      hex: z
        .string('expected hexadecimal digits in quotes')
        .regex(/^([0-9a-fA-F]{2}\s?)*$/, 'expected pairs of hexadecimal digits such as "81 05 ff"'),
    }),
    z.strictObject({ base64: z.base64('expected base64') }),
  ],
  BYTES,
).meta({ id: 'payload', description: 'Bytes: text, {text: …}, {hex: "81 05"} or {base64: …}' });

/** Headers by their names. */
export const headers = z
  .record(
    z
      .string()
      .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'not a header name: expected letters, digits and dashes'),
    z
      .string('expected a text: put it in quotes')
      .regex(/^[\t\x20-\x7e]*$/, 'expected one line of ASCII characters'),
    'expected headers such as {retry-after: "5"}',
  )
  .meta({ id: 'headers', description: 'HTTP headers' });

function isAtMostADay(value: string): boolean {
  return milliseconds(value) <= LONGEST_HOURS * 3_600_000;
}

function milliseconds(value: string): number {
  return parseDuration(value) ?? 0;
}

function isJson(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(isJson);
}
