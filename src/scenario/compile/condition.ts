import type { Ages, Condition } from '../told.ts';
import { durationMsOf, fieldsOf, type Fields } from './values.ts';

/** What a file says of when something is done. */
export function conditionOf({ time, since, ...asked }: Fields): Condition {
  if (time === undefined) return asked;
  const { min, max } = fieldsOf(time);
  const of = (since as keyof Ages | undefined) ?? 'connection';
  return { ...asked, age: { of, minMs: durationMsOf(min) ?? 0, maxMs: durationMsOf(max) ?? Infinity } };
}
