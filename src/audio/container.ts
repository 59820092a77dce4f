/** The container formats of audio that are recognised by their first bytes. */
export type Container = 'WAV' | 'OGG' | 'FLAC' | 'WebM' | 'MP4' | 'MP3';

const MAGIC: readonly { name: Container; at: number; bytes: readonly number[] }[] = [
  { name: 'WAV', at: 0, bytes: [0x52, 0x49, 0x46, 0x46] },
  // RF64 and BW64: RIFF for more than 4 GiB.
  { name: 'WAV', at: 0, bytes: [0x52, 0x46, 0x36, 0x34] },
  { name: 'WAV', at: 0, bytes: [0x42, 0x57, 0x36, 0x34] },
  { name: 'OGG', at: 0, bytes: [0x4f, 0x67, 0x67, 0x53] },
  { name: 'FLAC', at: 0, bytes: [0x66, 0x4c, 0x61, 0x43] },
  { name: 'WebM', at: 0, bytes: [0x1a, 0x45, 0xdf, 0xa3] },
  { name: 'MP4', at: 4, bytes: [0x66, 0x74, 0x79, 0x70] },
  { name: 'MP3', at: 0, bytes: [0x49, 0x44, 0x33] },
];

/** This many bytes are enough to decide. */
export const CONTAINER_HEAD_BYTES = 12;

/**
 * The container that bytes begin with; undefined for anything else, such as raw samples. An MP3 without an ID3 tag is
 * not recognised, since its first bytes can be those of quiet raw samples.
 */
export function containerOf(head: Uint8Array): Container | undefined {
  return MAGIC.find(({ at, bytes }) => bytes.every((byte, i) => head[at + i] === byte))?.name;
}
