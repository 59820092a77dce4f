import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { unreadable } from '../errors.ts';
import { utf8Of } from './utf8.ts';

const PART_BYTES = 2 ** 20;

/**
 * The text of a file in parts of a megabyte, so that a large one is never in memory as a whole. A byte order mark is
 * dropped.
 *
 * @throws UserError if it cannot be read, or with the place of the first byte that is not UTF-8, once it gets there
 */
export function* textParts(path: string): Iterable<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const bytes = new Uint8Array(PART_BYTES);
  const file = readable(path, () => openSync(path, 'r'));
  try {
    for (let isRead = false; !isRead;) {
      const length = readable(path, () => readSync(file, bytes));
      isRead = length === 0;
      yield decoded(() => decoder.decode(bytes.subarray(0, length), { stream: !isRead }), path);
    }
  } finally {
    closeSync(file);
  }
}

function readable<Result>(path: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw unreadable(path, error);
  }
}

function decoded(decode: () => string, path: string): string {
  try {
    return decode();
  } catch (error) {
    // Only the whole file shows the line.
    readable(path, () => utf8Of(readFileSync(path), path));
    throw error;
  }
}
