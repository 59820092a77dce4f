import type { z } from 'zod';
import type { condition } from '../schema/condition.ts';
import type { Condition } from '../told.ts';
import { durationMsOf, present } from './values.ts';

/** The condition in a file under which something is done. */
export function conditionOf({ time, since, ...asked }: z.infer<typeof condition>): Condition {
  if (time === undefined) return present(asked);
  const [minMs, maxMs] = [durationMsOf(time.min) ?? 0, durationMsOf(time.max) ?? Infinity];
  return { ...present(asked), age: { of: since ?? 'connection', minMs, maxMs } };
}
