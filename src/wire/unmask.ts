/** Unmasks bytes in place; `mask` has four bytes (RFC 6455, 5.3). */
export function unmask(bytes: Uint8Array, mask: Uint8Array): void {
  const { buffer, byteOffset, length } = bytes;
  const at = (i: number) => mask[i % 4] ?? 0;
  let i = 0;
  for (; i < length && (byteOffset + i) % 4 !== 0; i++) bytes[i] = (bytes[i] ?? 0) ^ at(i);
  for (let k = 0; k < 4; k++) key[k] = at(i + k);
  const word = keyWord[0] ?? 0;
  const words = length - i < 4 ? NO_WORDS : new Int32Array(buffer, byteOffset + i, (length - i) >> 2);
  for (let k = 0; k < words.length; k++) words[k] = (words[k] ?? 0) ^ word;
  for (i += words.length * 4; i < length; i++) bytes[i] = (bytes[i] ?? 0) ^ at(i);
}

const NO_WORDS = new Int32Array(0);
/** The same four bytes, as such and as a word in the order of this machine. */
const key = new Uint8Array(4);
const keyWord = new Int32Array(key.buffer);
