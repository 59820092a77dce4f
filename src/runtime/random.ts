/**
 * Randomness as an argument: a number in [0, 1) that depends only on the seed and the keys, so the same question always
 * has the same answer and no generator has to be passed around.
 */
export function chance(seed: number, ...keys: readonly (number | string)[]): number {
  let hash = mix(seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0);
  for (const key of keys) {
    if (typeof key === 'number') hash = mix(hash, key >>> 0);
    else for (let i = 0; i < key.length; i++) hash = mix(hash, key.charCodeAt(i));
  }
  return finish(hash) / 2 ** 32;
}

/** A whole number from `low` to `high`, inclusive. */
export function chooseInteger(low: number, high: number, at: number): number {
  return low + Math.floor(at * (high - low + 1));
}

/** One round of MurmurHash3's 32-bit block mixing (public domain). */
function mix(hash: number, value: number): number {
  let k = Math.imul(value, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  const h = hash ^ k;
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

/** MurmurHash3's finaliser: every input bit reaches every output bit. */
function finish(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
