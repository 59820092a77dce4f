import { z } from 'zod';

/** What values look like that stand in more than one place of a scenario file. */

export const durationText = z
  .string()
  .regex(/^\d+(\.\d+)?(ms|s|m|h)$/, 'expected a length of time such as 300ms, 2s or 1m')
  .describe('A length of time: 300ms, 2s, 1.5m, 1h');

export const duration = z.union([
  durationText,
  z
    .strictObject({ min: durationText, max: durationText })
    .describe('A length of time that chance draws from a range, by the seed'),
]);

export const percent = z
  .string()
  .regex(/^(100|\d{1,2}(\.\d+)?)%$/, 'expected a percentage such as 5%')
  .describe('How likely, 0% to 100%');

export const count = z.int().min(1).max(1_000_000);
export const json = z.unknown().describe('Any JSON value, sent as compact JSON');
export const extra = z.record(z.string(), z.unknown()).describe('Fields besides those of the dialect');
export const confidence = z.number().describe('A probability, 0 to 1, or any number to show a wrong one');

/** Bytes in one of three spellings. */
export const payload = z.union([
  z.string().describe('Text'),
  z.strictObject({ text: z.string() }),
  z.strictObject({
    hex: z.string().regex(/^([0-9a-fA-F]{2}\s*)*$/, 'expected pairs of hexadecimal digits'),
  }),
  z.strictObject({ base64: z.base64() }),
]);

export const headers = z.record(
  z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/),
  z.string().regex(/^[\t\x20-\x7e]*$/),
);

export const closeCode = z.int().min(1000).max(4999);
