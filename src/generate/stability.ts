/** The documents' own example (S0:79-82). */
const FIRST: readonly number[] = [0.6, 0.7, 0.8, 0.85];

/** Always below 1, because only a final is certain. */
const HIGHEST = 0.999;

/**
 * How likely a growing text is to stay, for the `updates`-th partial of its segment (from 1): between 0 and 1, with at
 * most three decimals. It begins like the documents' example, rises with each of the first 52 partials and then stays
 * at 0.999.
 */
export function stability(updates: number): number {
  const known = FIRST[Math.max(1, Math.floor(updates)) - 1];
  if (known !== undefined) return known;
  const beyond = Math.floor(updates) - FIRST.length;
  // The first term flattens out as certainty does; the second keeps neighbours distinct after rounding.
  const rising = 0.85 + 0.1 * (1 - 0.85 ** beyond) + 0.001 * beyond;
  return Math.min(HIGHEST, Math.round(rising * 1000) / 1000);
}
