import { z } from 'zod';

/**
 * One of several things. When a value is none of them, zod's own union tells the faults of one alternative if only
 * that one has nothing but faults with which it can go on, such as an unknown key; and that is not always the one that
 * was meant. This one tells the faults of all.
 *
 * @param expected what to tell somebody whose value is of another kind than all of them.
 */
export function oneOf<const T extends readonly z.ZodType[]>(
  alternatives: T,
  expected?: string,
): z.ZodType<z.infer<T[number]>> {
  return z.union(alternatives.map(stopAtFaults), expected) as z.ZodType<z.infer<T[number]>>;
}

function stopAtFaults(alternative: z.ZodType): z.ZodType {
  return alternative.check(({ issues }) => {
    issues.splice(0, issues.length, ...issues.map((issue) => ({ ...issue, continue: false })));
  });
}
