import type { Cursor } from './cursor.ts';

const HEAD_BYTES = 27;
/** Enough of a first packet for its name and rate. */
const PACKET_BYTES = 31;

interface Codec {
  readonly rate: number;
  /** Samples before the first one to be heard. */
  readonly skipped: number;
}

/** The length of an OGG file in milliseconds, from the time stamp of its last page; undefined for unknown codecs. */
export async function oggLength(cursor: Cursor): Promise<number | undefined> {
  let codec: Codec | undefined;
  let lastSample = 0;
  for (;;) {
    const head = await cursor.read(HEAD_BYTES);
    if (head === undefined || String.fromCharCode(...head.subarray(0, 4)) !== 'OggS') break;
    const sizes = await cursor.read(head[26] ?? 0);
    if (sizes === undefined) break;
    const bodyBytes = sizes.reduce((sum, size) => sum + size, 0);
    const start = await cursor.read(Math.min(bodyBytes, codec === undefined ? PACKET_BYTES : 0));
    if (start === undefined) break;
    codec ??= codecOf(start);
    const sample = Number(viewOf(head).getBigInt64(6, true));
    if (!(await cursor.skip(bodyBytes - start.length))) break;
    // -1: no packet ends on this page.
    if (sample > lastSample) lastSample = sample;
  }
  if (codec === undefined || codec.rate === 0 || lastSample <= codec.skipped) return undefined;
  return ((lastSample - codec.skipped) / codec.rate) * 1000;
}

function codecOf(packet: Uint8Array): Codec | undefined {
  const view = viewOf(packet);
  const name = String.fromCharCode(...packet.subarray(0, 8));
  // The time stamps of Opus are at 48 kHz, whatever the rate of the recording.
  if (name === 'OpusHead' && packet.length >= 12) return { rate: 48_000, skipped: view.getUint16(10, true) };
  if (name.startsWith('\x01vorbis') && packet.length >= 16)
    return { rate: view.getUint32(12, true), skipped: 0 };
  if (name.startsWith('\x7fFLAC') && packet.length >= 31)
    return { rate: view.getUint32(27) >>> 12, skipped: 0 };
  return undefined;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
