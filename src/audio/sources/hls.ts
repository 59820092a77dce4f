import { sleepUntil } from '../../runtime/wait.ts';
import type { SourceChunk } from '../source.ts';
import { fetchStream } from './fetch.ts';
import { createMp3Decoder, decodeMp3, type Mp3Decoder } from './mp3.ts';
import { readPlaylist, type Playlist, type Segment } from './playlist.ts';
import { problem } from './problem.ts';
import type { RequestContext } from './request.ts';
import { sniffBody, type Sniffed } from './sniff.ts';
import { describe, readTarget, type FetchTarget } from './target.ts';
import { decodeWave } from './wave.ts';

/** A growing playlist is joined this many segments before its end (RFC 8216, 6.3.3). */
const FROM_LIVE_EDGE = 3;

/** A live playlist without news for this many target durations, and at least this long, is dead. */
const QUIET = { targets: 3, leastMs: 15_000 } as const;

/** A playlist, the URL that it was requested from, and its location after redirects, which its URIs are relative to. */
export interface Loaded {
  readonly requested: FetchTarget;
  readonly found: FetchTarget;
  readonly text: string;
}

/**
 * This many consecutive segments without audio end the stream: each costs a request, and nothing else limits their
 * rate.
 */
export const MOST_EMPTY_SEGMENTS = 100;

type MediaPlaylist = Extract<Playlist, { kind: 'media' }>;

/**
 * Plays an HLS stream from its first playlist, a master or a media one. MP3 and WAVE segments are decoded; any other
 * audio or video is only checked to exist and counts for the duration that the playlist gives. A playlist without an
 * end is reloaded until it has one (RFC 8216, 6.3.4).
 *
 * @throws SourceError for a playlist or segment that cannot be fetched or read, and for encrypted segments
 */
export async function* playHls(
  first: Loaded,
  context: RequestContext,
): AsyncGenerator<SourceChunk, void, void> {
  let loaded = first;
  let playlist = read(first);
  if (playlist.kind === 'master') {
    const where = describe(first.found);
    if (playlist.uri === undefined) throw problem('unsupported', `the playlist ${where} names no stream`);
    loaded = await load(readTarget(playlist.uri, first.found), context);
    playlist = read(loaded);
  }
  const media = mediaOnly(playlist, loaded);
  const decoder = lazyDecoder();
  try {
    yield* playMedia(media, loaded, decoder.get, context);
  } finally {
    decoder.free();
  }
}

/** The whole text of a playlist. */
export async function readText(
  body: AsyncIterable<Uint8Array>,
  limitBytes: number,
  where: string,
): Promise<string> {
  // Decoded piece by piece: joining bytes would copy everything for every piece, and a piece may be a single byte.
  const decoder = new TextDecoder();
  let text = '';
  let byteCount = 0;
  for await (const bytes of body) {
    byteCount += bytes.length;
    if (byteCount > limitBytes) {
      throw problem('invalid', `the playlist ${where} is longer than ${limitBytes} bytes`);
    }
    text += decoder.decode(bytes, { stream: true });
  }
  return text + decoder.decode();
}

async function* playMedia(
  first: MediaPlaylist,
  { requested, found }: Loaded,
  decoder: () => Promise<Mp3Decoder>,
  context: RequestContext,
): AsyncGenerator<SourceChunk, void, void> {
  const { clock, signal } = context;
  let playlist = first;
  let base = found;
  let loadedAtMs = clock.now();
  let quietSinceMs = loadedAtMs;
  let next: number | undefined;
  let emptySegments = 0;
  for (;;) {
    next ??= beginning(playlist);
    const from = next ?? 0;
    const fresh = playlist.segments.filter(({ sequence }) => sequence >= from);
    for (const segment of fresh) {
      let durationMs = 0;
      for await (const chunk of playSegment(segment, readTarget(segment.uri, base), decoder, context)) {
        durationMs += chunk.durationMs;
        yield chunk;
      }
      emptySegments = durationMs > 0 ? 0 : emptySegments + 1;
      if (emptySegments > MOST_EMPTY_SEGMENTS) {
        throw problem(
          'invalid',
          `${MOST_EMPTY_SEGMENTS} segments in a row of ${describe(base)} contain no audio`,
        );
      }
      next = segment.sequence + 1;
    }
    if (playlist.complete) return;
    if (fresh.length > 0) quietSinceMs = clock.now();
    const quietMs = clock.now() - quietSinceMs;
    if (quietMs >= Math.max(QUIET.targets * playlist.targetMs, QUIET.leastMs)) {
      throw problem('invalid', `the live playlist ${describe(base)} has had nothing new for too long`);
    }
    await sleepUntil(clock, loadedAtMs + playlist.targetMs * (fresh.length > 0 ? 1 : 0.5), signal);
    signal.throwIfAborted();
    loadedAtMs = clock.now();
    const loaded = await load(requested, context);
    base = loaded.found;
    playlist = mediaOnly(read(loaded), loaded);
  }
}

async function* playSegment(
  segment: Segment,
  target: FetchTarget,
  decoder: () => Promise<Mp3Decoder>,
  context: RequestContext,
): AsyncGenerator<SourceChunk, void, void> {
  const where = describe(target);
  const undecoded: SourceChunk = { kind: 'undecoded', durationMs: segment.durationMs };
  if (segment.encrypted) throw problem('unsupported', `the segment ${where} is encrypted`);
  if (segment.gap) return yield undecoded;
  const { segmentBytes } = context.limits;
  const fetched = await fetchStream(target, context, { limitBytes: segmentBytes, range: segment.range });
  try {
    const { sniffed, all } = await sniffBody(fetched.body, fetched.headers['content-type']);
    refuseText(sniffed, where);
    if (!segment.mapped && sniffed.kind === 'mp3') return yield* decodeMp3(all, await decoder(), where);
    if (!segment.mapped && sniffed.kind === 'wav') return yield* decodeWave(all, where);
  } finally {
    fetched.close();
  }
  yield undecoded;
}

/** Something other than media is not a segment either, whatever the status was. */
function refuseText(sniffed: Sniffed, where: string): void {
  if (sniffed.kind === 'hls') throw problem('unsupported', `the segment ${where} is a playlist`);
  if (sniffed.kind === 'other' && !sniffed.media) {
    throw problem('unsupported', `the segment ${where} is ${sniffed.name}`);
  }
}

/** The first sequence number to play, undefined if there is none yet. */
function beginning({ complete, segments }: MediaPlaylist): number | undefined {
  return segments[complete ? 0 : Math.max(0, segments.length - FROM_LIVE_EDGE)]?.sequence;
}

async function load(requested: FetchTarget, context: RequestContext): Promise<Loaded> {
  const { playlistBytes, playlistMs } = context.limits;
  const fetched = await fetchStream(requested, context, { limitBytes: playlistBytes, wholeMs: playlistMs });
  try {
    const text = await readText(fetched.body, playlistBytes, describe(fetched.target));
    return { requested, found: fetched.target, text };
  } finally {
    fetched.close();
  }
}

function read({ text, found }: Loaded): Playlist {
  if (!text.startsWith('#EXTM3U')) throw problem('unsupported', `${describe(found)} is not a playlist`);
  const playlist = readPlaylist(text);
  if (typeof playlist === 'string') {
    throw problem('invalid', `the playlist ${describe(found)} cannot be read: ${playlist}`);
  }
  return playlist;
}

function mediaOnly(playlist: Playlist, { found }: Loaded): MediaPlaylist {
  if (playlist.kind === 'media') return playlist;
  throw problem('invalid', `${describe(found)} is a master playlist where a media playlist is expected`);
}

/** One decoder for all segments, since frames depend on the frames before; none if nothing is decoded. */
function lazyDecoder(): { get: () => Promise<Mp3Decoder>; free: () => void } {
  let made: Mp3Decoder | undefined;
  return {
    get: async () => (made ??= await createMp3Decoder()),
    free: () => made?.free(),
  };
}
