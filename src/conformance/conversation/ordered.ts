/** Something that has a place among the events of a play. */
export interface Placed {
  readonly index: number;
}

/** How many of several things something is true of, where it is true of the first ones and of none after them. */
export function countWhile<Thing>(things: readonly Thing[], isTrue: (thing: Thing) => boolean): number {
  let [low, high] = [0, things.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const thing = things[middle];
    if (thing !== undefined && isTrue(thing)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many of several things, which are in order, are not after a place: where the first one that is stands. */
export function countUntil<Thing>(
  things: readonly Thing[],
  place: number,
  placeOf: (thing: Thing) => number,
): number {
  return countWhile(things, (thing) => placeOf(thing) <= place);
}

/** The first of several that are in order which comes after a place. */
export function firstAfter<Thing extends Placed>(things: readonly Thing[], place: number): Thing | undefined {
  return things[countUntil(things, place, ({ index }) => index)];
}

/** The last of several that are in order which comes before a place. */
export function lastBefore<Thing extends Placed>(things: readonly Thing[], place: number): Thing | undefined {
  return things[countUntil(things, place - 1, ({ index }) => index) - 1];
}

/** As they came. */
export function inOrder<Thing extends Placed>(things: readonly Thing[]): readonly Thing[] {
  return [...things].sort((a, b) => a.index - b.index);
}

/** Things by what they have in common, each group in the order of all. */
export function grouped<Key, Thing>(
  things: readonly Thing[],
  keyOf: (thing: Thing) => Key,
): ReadonlyMap<Key, readonly Thing[]> {
  const groups = new Map<Key, Thing[]>();
  for (const thing of things) {
    const key = keyOf(thing);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [thing]);
    else group.push(thing);
  }
  return groups;
}
