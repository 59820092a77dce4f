interface Placed {
  readonly index: number;
}

/** The first of a list in order that comes after a place. */
export function firstAfter<Item extends Placed>(list: readonly Item[], index: number): Item | undefined {
  let [from, to] = [0, list.length];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if ((list[middle]?.index ?? Infinity) > index) to = middle;
    else from = middle + 1;
  }
  return list[from];
}
