/** The indexes of the events that prove something, in ascending order, without duplicates and undefined ones. */
export function evidence(...events: readonly (number | undefined)[]): readonly number[] {
  const there = events.filter((event) => event !== undefined);
  return [...new Set(there)].sort((a, b) => a - b);
}
