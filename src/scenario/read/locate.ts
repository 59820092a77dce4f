import { isAlias, isMap, isNode, isScalar, isSeq, type Document, type Pair } from 'yaml';
import type { Mistake } from '../explain/mistake.ts';

/**
 * The position of a mistake in the text: the key if that is wrong, otherwise its value; for something missing, the map
 * that lacks it.
 */
export function offsetOf(document: Document, { path, isKey }: Mistake): number {
  let node: unknown = document.contents;
  let offset = beginOf(node) ?? 0;
  for (const [i, key] of path.entries()) {
    const parent = isAlias(node) ? node.resolve(document) : node;
    if (isSeq(parent)) node = parent.items[Number(key)];
    else {
      const pair = pairOf(parent, String(key));
      if (pair === undefined) break;
      node = isKey === true && i === path.length - 1 ? pair.key : (pair.value ?? pair.key);
    }
    const begin = beginOf(node);
    if (begin === undefined) break;
    offset = begin;
  }
  return offset;
}

function pairOf(node: unknown, key: string): Pair | undefined {
  if (!isMap(node)) return undefined;
  // Of two with the same key, the later one is the value.
  return node.items.findLast(({ key: own }) => isScalar(own) && String(own.value) === key);
}

function beginOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
