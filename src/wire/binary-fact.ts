import { createHash } from 'node:crypto';
import type { Peer, TraceFact } from './trace.ts';

/** What a trace keeps of a binary message: its length and a hash, and the bytes if somebody asked for them. */
export function binaryFact(
  from: Peer,
  bytes: Uint8Array,
  keepBytes: boolean,
): Extract<TraceFact, { kind: 'binary' }> {
  return {
    kind: 'binary',
    from,
    byteCount: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex').slice(0, 16),
    ...(keepBytes && {
      base64: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64'),
    }),
  };
}
