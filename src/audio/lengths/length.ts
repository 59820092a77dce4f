import { cursorOf, type Cursor } from './cursor.ts';
import { mp4Length } from './mp4.ts';
import { oggLength } from './ogg.ts';

/** The containers whose length can be determined. */
export type Measured = 'MP4' | 'OGG' | 'FLAC' | 'WebM';

/**
 * About as much as an encoder of speech makes of a second: 32 kbit/s. For files that do not give their length, such as
 * those of a browser's recorder.
 */
const BYTES_PER_SECOND = 4000;

/** The head of a FLAC file, up to the number of its samples. */
const FLAC_HEAD_BYTES = 26;

/**
 * The length of a file in milliseconds, as the file gives it or by its size. Reads all of it and keeps nothing.
 * `invalid`: the content does not match the type.
 */
export async function lengthOf(
  container: Measured,
  body: AsyncIterable<Uint8Array>,
): Promise<number | 'invalid'> {
  const cursor = cursorOf(body[Symbol.asyncIterator]());
  const told = await toldLength(container, cursor);
  await cursor.skip(Infinity);
  return told ?? (cursor.position / BYTES_PER_SECOND) * 1000;
}

async function toldLength(container: Measured, cursor: Cursor): Promise<number | 'invalid' | undefined> {
  switch (container) {
    case 'MP4':
      return mp4Length(cursor);
    case 'OGG':
      return oggLength(cursor);
    case 'FLAC':
      return flacLength(cursor);
    // WebM gives its length in elements of unknown sizes, and recorders omit it.
    case 'WebM':
      return undefined;
  }
}

async function flacLength(cursor: Cursor): Promise<number | undefined> {
  const head = await cursor.read(FLAC_HEAD_BYTES);
  if (head === undefined) return undefined;
  const view = new DataView(head.buffer, head.byteOffset);
  // 20 bits of sample rate, 8 bits of channels and sample size, 36 bits of samples.
  const rate = view.getUint32(18) >>> 12;
  const samples = (view.getUint8(21) & 0x0f) * 2 ** 32 + view.getUint32(22);
  return rate > 0 && samples > 0 ? (samples / rate) * 1000 : undefined;
}
