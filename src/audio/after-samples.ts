import { CONTAINER_HEAD_BYTES, containerOf } from './container.ts';
import { isChunkName, tagAt } from './riff.ts';

/** The part of a WAVE stream after its samples, from `at` on. */
export type AfterSamples =
  /** Too few bytes to decide. */
  | { readonly kind: 'more' }
  /** Another stream, as from a client that sends several files. */
  | { readonly kind: 'stream'; readonly at: number }
  /** A chunk, which ends at `endAt`. */
  | { readonly kind: 'chunk'; readonly endAt: number }
  /** Neither: the header gave too short a length, as that of a recording that goes on. */
  | { readonly kind: 'samples' };

/** Looks at what comes after the bytes that the header of a WAVE stream has counted. */
export function afterSamples(head: Uint8Array): AfterSamples {
  if (head.length < CONTAINER_HEAD_BYTES) return { kind: 'more' };
  // The byte that pads samples of an odd length.
  const at = !isBeginning(head) && isBeginning(head.subarray(1)) ? 1 : 0;
  const next = head.subarray(at);
  if (containerOf(next) === 'WAV') return { kind: 'stream', at };
  if (!isChunkName(tagAt(next, 0))) return { kind: 'samples' };
  const size = new DataView(next.buffer, next.byteOffset).getUint32(4, true);
  return { kind: 'chunk', endAt: at + 8 + size };
}

/** Whether a chunk, or another WAVE stream, begins here. */
function isBeginning(bytes: Uint8Array): boolean {
  return containerOf(bytes) === 'WAV' || isChunkName(tagAt(bytes, 0));
}
