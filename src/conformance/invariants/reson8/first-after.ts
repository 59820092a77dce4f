/** How many of several things, which are in order, are not after an event: the place of the first one that is. */
export function firstAfter<Thing>(
  things: readonly Thing[],
  after: number,
  indexOf: (thing: Thing) => number,
): number {
  let [low, high] = [0, things.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const thing = things[middle];
    if (thing !== undefined && indexOf(thing) <= after) low = middle + 1;
    else high = middle;
  }
  return low;
}
