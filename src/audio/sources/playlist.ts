import { parse, setOptions, types } from 'hls-parser';
import type { ByteRange } from './request.ts';

/** The parts of an HLS playlist (RFC 8216) that are needed to play its audio. */
export type Playlist =
  | {
      readonly kind: 'master';
      /** The playlist to play, undefined when there is none. */ readonly uri: string | undefined;
    }
  | {
      readonly kind: 'media';
      readonly targetMs: number;
      /** No more segments will be added. */
      readonly complete: boolean;
      readonly segments: readonly Segment[];
    };

/** A piece of the stream. */
export interface Segment {
  /** Its media sequence number, the same in every version of a live playlist. */
  readonly sequence: number;
  readonly uri: string;
  readonly durationMs: number;
  readonly range: ByteRange | undefined;
  readonly encrypted: boolean;
  /** It needs an initialisation section, as fragmented MP4 does. */
  readonly mapped: boolean;
  /** The segment is announced, but intentionally missing. */
  readonly gap: boolean;
}

/** More variants or renditions are refused, because the parser compares all pairs. */
const MOST_VARIANTS = 500;

/**
 * A target duration outside this range cannot be intended, and would make us request the playlist far too often or
 * never again.
 */
const TARGET_MS = { least: 500, most: 60_000 } as const;

/** Longer segments count as this long, since the number enters the audio clock. */
const LONGEST_SEGMENT_MS = 3_600_000;

/** For a bad playlist, the parser's results may lack fields that its types promise. */
type Loose<T> = { readonly [Key in keyof T]?: T[Key] | null };

/** Parses a playlist, or returns the reason why it cannot be parsed, without quoting any of it. */
export function readPlaylist(text: string): Playlist | string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => USED.test(line));
  if (lines.filter((line) => /^#EXT-X-(STREAM-INF|MEDIA):/.test(line)).length > MOST_VARIANTS) {
    return `it has more than ${MOST_VARIANTS} variants`;
  }
  // By default the parser prints its complaints, including URIs. The option is global.
  setOptions({ silent: true, strictMode: false });
  let parsed: types.MasterPlaylist | types.MediaPlaylist;
  try {
    parsed = parse(lines.map(untitled).join('\n'));
  } catch {
    return 'it is not a valid playlist';
  }
  return parsed instanceof types.MasterPlaylist
    ? { kind: 'master', uri: choose(parsed.variants) }
    : mediaOf(parsed);
}

/** URIs and the tags that are used. The parser has quadratic checks on some of the others. */
const USED =
  /^[^#]|^#(EXTM3U|EXTINF|EXT-X-(BYTERANGE|KEY|MAP|GAP|TARGETDURATION|MEDIA-SEQUENCE|ENDLIST|STREAM-INF|MEDIA)\b)/;

/** The parser takes a title for percent-encoded Latin-1, and throws on any other. */
function untitled(line: string): string {
  return line.replace(/^(#EXTINF:[^,]*),.*/, '$1,');
}

/** The variant with the lowest bandwidth, or its audio if that has a separate playlist. */
function choose(variants: readonly Loose<types.Variant>[]): string | undefined {
  const [lowest] = variants
    .filter(({ uri }) => Boolean(uri))
    .sort((one, other) => (one.bandwidth ?? Infinity) - (other.bandwidth ?? Infinity) || 0);
  const audio = lowest?.audio?.find(({ isDefault }) => isDefault) ?? lowest?.audio?.[0];
  return (audio?.uri ?? lowest?.uri) || undefined;
}

function mediaOf(parsed: Loose<types.MediaPlaylist>): Playlist | string {
  const { segments: all, targetDuration, endlist } = parsed;
  const segments: Segment[] = [];
  for (const segment of all ?? []) {
    const read = segmentOf(segment);
    if (typeof read === 'string') return read;
    if (read !== undefined) segments.push(read);
  }
  return {
    kind: 'media',
    targetMs: Math.min(Math.max((targetDuration ?? 0) * 1000, TARGET_MS.least), TARGET_MS.most),
    // Extended M3U as used by radio stations has no target duration, and never changes.
    complete: endlist === true || typeof targetDuration !== 'number',
    segments,
  };
}

/** Undefined for a segment without a URI, which is still being written. */
function segmentOf(segment: Loose<types.Segment>): Segment | string | undefined {
  const { uri, mediaSequenceNumber, byterange } = segment;
  if (!uri) return undefined;
  const sequence = mediaSequenceNumber ?? 0;
  if (!Number.isSafeInteger(sequence) || sequence < 0) return 'its media sequence is not a number';
  if (byterange && !validRange(byterange)) return 'it has a byte range that cannot be used';
  return {
    sequence,
    uri,
    durationMs: Math.min(Math.max((segment.duration ?? 0) * 1000, 0), LONGEST_SEGMENT_MS),
    range: byterange ?? undefined,
    encrypted: (segment.key?.method ?? 'NONE') !== 'NONE',
    mapped: Boolean(segment.map),
    gap: segment.gap === true,
  };
}

function validRange({ offset, length }: ByteRange): boolean {
  return Number.isSafeInteger(offset) && offset >= 0 && Number.isSafeInteger(length) && length > 0;
}
