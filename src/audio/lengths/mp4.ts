import type { Cursor } from './cursor.ts';

/** Boxes that hold other boxes on the way to those with a length. */
const OPENED: readonly string[] = ['moov', 'mvex'];

/** Boxes that give the total length: of a file, and of one in fragments. */
const TIMED: readonly string[] = ['mvhd', 'mehd'];

/** Far more than a file has apart from its samples. */
const MOST_BOXES = 100_000;

/** Version, flags, two times, a time scale and a length, in 64 bits. */
const LONGEST_HEAD_BYTES = 32;

const NAME = /^[\x20-\x7e©]{4}$/;

/**
 * The length that an MP4 file and its relatives (M4A, MOV, 3GP) give, in milliseconds; undefined if none is given.
 * `invalid`: these are not boxes.
 */
export async function mp4Length(cursor: Cursor): Promise<number | 'invalid' | undefined> {
  let scale = 0;
  let length = 0;
  for (let count = 0; count < MOST_BOXES; count += 1) {
    const box = await nextBox(cursor);
    if (box === 'invalid') return count === 0 ? 'invalid' : msOf(length, scale);
    if (box === undefined) return msOf(length, scale);
    if (OPENED.includes(box.name)) continue;
    const head = TIMED.includes(box.name)
      ? await cursor.read(Math.min(box.contentBytes, LONGEST_HEAD_BYTES))
      : new Uint8Array(0);
    if (head === undefined) return msOf(length, scale);
    if (box.name === 'mvhd') {
      const times = movieHead(head);
      scale = times.scale;
      length = Math.max(length, times.length);
    }
    if (box.name === 'mehd') length = Math.max(length, numberAt(head, 4, isLong(head)));
    if (!(await cursor.skip(box.contentBytes - head.length))) return msOf(length, scale);
  }
  return msOf(length, scale);
}

interface Box {
  readonly name: string;
  /** Infinite for a box that extends to the end. */
  readonly contentBytes: number;
}

async function nextBox(cursor: Cursor): Promise<Box | 'invalid' | undefined> {
  const head = await cursor.read(8);
  if (head === undefined) return undefined;
  const name = String.fromCharCode(...head.subarray(4));
  if (!NAME.test(name)) return 'invalid';
  const size = numberAt(head, 0, false);
  if (size === 0) return { name, contentBytes: Infinity };
  if (size !== 1) return size < 8 ? 'invalid' : { name, contentBytes: size - 8 };
  const long = await cursor.read(8);
  if (long === undefined) return undefined;
  const longSize = numberAt(long, 0, true);
  return longSize < 16 ? 'invalid' : { name, contentBytes: longSize - 16 };
}

function movieHead(head: Uint8Array): { scale: number; length: number } {
  const long = isLong(head);
  const scaleAt = long ? 20 : 12;
  const length = numberAt(head, scaleAt + 4, long);
  // All bits set means unknown.
  const isKnown = long ? length < 2 ** 63 : length < 2 ** 32 - 1;
  return { scale: numberAt(head, scaleAt, false), length: isKnown ? length : 0 };
}

/** Whether the times in a box have 64 bits. */
function isLong(head: Uint8Array): boolean {
  return head[0] === 1;
}

/** 0 if the box ends before. */
function numberAt(bytes: Uint8Array, at: number, isLong: boolean): number {
  if (at + (isLong ? 8 : 4) > bytes.length) return 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return isLong ? Number(view.getBigUint64(at)) : view.getUint32(at);
}

function msOf(length: number, scale: number): number | undefined {
  return length > 0 && scale > 0 ? (length / scale) * 1000 : undefined;
}
