import type { RawData } from 'ws';
import type { Frame } from '../../wire/frame.ts';

/** A message as `ws` delivers it, as a frame. `ws` has checked that text is UTF-8. */
export function toFrame(data: RawData, isBinary: boolean): Frame {
  const bytes = Buffer.isBuffer(data) ? data : Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
  return isBinary ? { kind: 'binary', bytes } : { kind: 'text', text: bytes.toString('utf8') };
}
