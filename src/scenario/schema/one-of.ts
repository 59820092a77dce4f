import { z } from 'zod';

/**
 * One of several things. If a value is none of them, zod's own union reports the faults of one alternative if only that
 * one has faults that allow it to continue, such as an unknown key; but that is not always the one that was meant. This
 * one reports the faults of all.
 *
 * @param expected the description for a value whose type fits none of them.
 */
export function oneOf<const T extends readonly z.ZodType[]>(
  alternatives: T,
  expected?: string,
): z.ZodType<z.infer<T[number]>> {
  // The alternatives accept the same values as before; map() forgets which is which.
  return z.union(alternatives.map(stopAtFaults), expected) as z.ZodType<z.infer<T[number]>>;
}

function stopAtFaults(alternative: z.ZodType): z.ZodType {
  return alternative.check(({ issues }) => {
    issues.splice(0, issues.length, ...issues.map((issue) => ({ ...issue, continue: false })));
  });
}
