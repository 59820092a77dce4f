/**
 * Does `work` for every item, at most `most` (1 or more) at the same time, in order. The results are in that order too.
 * The first error is thrown at once, while work in progress continues.
 */
export async function concurrently<Item, Result>(
  items: readonly Item[],
  most: number,
  work: (item: Item, index: number) => Promise<Result>,
): Promise<readonly Result[]> {
  const results = new Array<Result>(items.length);
  // All workers take from the same iterator.
  const left = items.entries();
  const worker = async () => {
    for (const [index, item] of left) results[index] = await work(item, index);
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
  return results;
}
