import { z } from 'zod';

/** `true` and `false` are the natural spelling of a boolean; no document says what others mean. */
export const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((text) => text === 'true');

/** A number without a sign, in decimals. */
export const number = z
  .string()
  .regex(/^\d+(?:\.\d+)?$/)
  .transform(Number);
