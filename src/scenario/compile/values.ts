import type { z } from 'zod';
import { parseDuration } from '../../runtime/duration.ts';
import type { Spread } from '../../runtime/spread.ts';
import type { payload, spread } from '../schema/values.ts';

/** No wait is longer than a day. */
const LONGEST_MS = 86_400_000;

/** Milliseconds of a duration; undefined if the file has none. */
export function durationMsOf(value: unknown): number | undefined {
  return typeof value === 'string' ? parseDuration(value) : undefined;
}

/** The fields that are defined. */
export function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const found = Object.entries(fields).filter(([, value]) => value !== undefined);
  // The types of Object.fromEntries() forget which key has which value.
  return Object.fromEntries(found) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

/** The bytes of a payload, in any of its spellings. */
export function bytesOf(value: z.infer<typeof payload>): Uint8Array {
  if (typeof value === 'string') return Buffer.from(value);
  if ('text' in value) return Buffer.from(value.text);
  return 'hex' in value
    ? Buffer.from(value.hex.replace(/\s+/g, ''), 'hex')
    : Buffer.from(value.base64, 'base64');
}

/** The distribution of a duration: fixed, over a range, or by a named distribution. */
export function spreadOf(value: z.infer<typeof spread>): Spread {
  const ms = (text: string) => durationMsOf(text) ?? 0;
  const cap = (text: string | undefined) => durationMsOf(text) ?? LONGEST_MS;
  if (typeof value === 'string') return { kind: 'uniform', minMs: ms(value), maxMs: ms(value) };
  if ('normal' in value) {
    const { mean, deviation, max } = value.normal;
    return { kind: 'normal', meanMs: ms(mean), deviationMs: ms(deviation), maxMs: cap(max) };
  }
  if ('log-normal' in value) {
    const { median, p99, max } = value['log-normal'];
    return { kind: 'log-normal', medianMs: ms(median), p99Ms: ms(p99), maxMs: cap(max) };
  }
  if ('pareto' in value) {
    const { min, shape, max } = value.pareto;
    return { kind: 'pareto', minMs: ms(min), shape, maxMs: cap(max) };
  }
  return { kind: 'uniform', minMs: ms(value.min), maxMs: ms(value.max) };
}
