/** The container formats of audio that are recognised by their first bytes. */
export type Container = 'WAV' | 'OGG' | 'FLAC' | 'WebM' | 'MP4' | 'MP3' | Unread;

/** Containers of which neither the samples nor the length are read. */
export const UNREAD = ['AIFF', 'AU', 'CAF', 'Wave64', 'AMR', 'ASF (WMA)'] as const;
type Unread = (typeof UNREAD)[number];

/** The bytes from a place on; `?` stands for any. */
const MAGIC: readonly { readonly name: Container; readonly at: number; readonly bytes: string }[] = [
  { name: 'WAV', at: 0, bytes: 'RIFF' },
  // RF64 and BW64: RIFF for more than 4 GiB. RIFX: big-endian numbers, which the reader refuses.
  { name: 'WAV', at: 0, bytes: 'RF64' },
  { name: 'WAV', at: 0, bytes: 'BW64' },
  { name: 'WAV', at: 0, bytes: 'RIFX' },
  { name: 'OGG', at: 0, bytes: 'OggS' },
  { name: 'FLAC', at: 0, bytes: 'fLaC' },
  { name: 'WebM', at: 0, bytes: '\x1a\x45\xdf\xa3' },
  { name: 'MP4', at: 4, bytes: 'ftyp' },
  { name: 'MP3', at: 0, bytes: 'ID3' },
  { name: 'AIFF', at: 0, bytes: 'FORM????AIFF' },
  { name: 'AIFF', at: 0, bytes: 'FORM????AIFC' },
  { name: 'AU', at: 0, bytes: '.snd' },
  { name: 'CAF', at: 0, bytes: 'caff' },
  // The beginning of the identifier that stands for RIFF in it.
  { name: 'Wave64', at: 0, bytes: 'riff\x2e\x91\xcf\x11' },
  { name: 'AMR', at: 0, bytes: '#!AMR' },
  { name: 'ASF (WMA)', at: 0, bytes: '\x30\x26\xb2\x75\x8e\x66\xcf\x11' },
];

/** This many bytes are enough to decide. */
export const CONTAINER_HEAD_BYTES = 12;

/**
 * The container that bytes begin with; undefined for anything else, such as raw samples. An MP3 without an ID3 tag and
 * AAC without a container are not recognised, since their first bytes can be those of quiet raw samples.
 */
export function containerOf(head: Uint8Array): Container | undefined {
  return MAGIC.find(({ at, bytes }) => isAt(head, at, bytes))?.name;
}

function isAt(head: Uint8Array, at: number, bytes: string): boolean {
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] !== '?' && head[at + i] !== bytes.charCodeAt(i)) return false;
  }
  return true;
}
