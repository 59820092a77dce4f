/** Something that has a place among the events of a play. */
export interface Placed {
  readonly index: number;
}

/** How many things a condition holds for, if it holds for the first ones and for none after them. */
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

/**
 * How many things of an ordered list come up to and including a place; this is also the index of the first one after
 * it.
 */
export function countUntil<Thing>(
  things: readonly Thing[],
  place: number,
  placeOf: (thing: Thing) => number,
): number {
  return countWhile(things, (thing) => placeOf(thing) <= place);
}

/** The first thing of an ordered list after a place. */
export function firstAfter<Thing extends Placed>(things: readonly Thing[], place: number): Thing | undefined {
  return things[countUntil(things, place, ({ index }) => index)];
}

/** The last thing of an ordered list before a place. */
export function lastBefore<Thing extends Placed>(things: readonly Thing[], place: number): Thing | undefined {
  return things[countUntil(things, place - 1, ({ index }) => index) - 1];
}

/** Sorts things into the order in which they came. */
export function inOrder<Thing extends Placed>(things: readonly Thing[]): readonly Thing[] {
  return [...things].sort((a, b) => a.index - b.index);
}
