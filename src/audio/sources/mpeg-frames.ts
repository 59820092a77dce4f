import {
  alike,
  frameAt,
  FRAME_HEAD_BYTES,
  id3Length,
  ID3_HEAD_BYTES,
  readFrameHead,
  type MpegFrame,
} from './mpeg-frame.ts';
import { joined } from './pcm.ts';

/** A frame and its bytes. */
export interface FrameBytes {
  readonly frame: MpegFrame;
  readonly bytes: Uint8Array;
}

/** This many bytes without a frame end the search. */
const LONGEST_JUNK_BYTES = 65_536;

/**
 * The MPEG audio frames of a body. ID3 tags, junk between frames and an incomplete last frame are skipped; the sequence
 * ends early when LONGEST_JUNK_BYTES in a row contain no frame.
 */
export async function* framesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<FrameBytes, void, void> {
  let state: State = { rest: new Uint8Array(0), skipBytes: 0, junkBytes: 0, last: undefined };
  for await (const bytes of body) {
    const found = take(state, bytes, false);
    yield* found.frames;
    state = found.state;
    if (state.junkBytes > LONGEST_JUNK_BYTES) return;
  }
  yield* take(state, new Uint8Array(0), true).frames;
}

interface State {
  /** Bytes that do not decide yet. */
  readonly rest: Uint8Array;
  /** Remaining bytes of a tag. */
  readonly skipBytes: number;
  readonly junkBytes: number;
  /** The frame that ended where `rest` begins. */
  readonly last: MpegFrame | undefined;
}

function take(state: State, more: Uint8Array, ended: boolean): { frames: FrameBytes[]; state: State } {
  const bytes = joined(state.rest, more);
  const frames: FrameBytes[] = [];
  let { last, junkBytes, skipBytes: at } = state;
  while (at < bytes.length) {
    const left = bytes.length - at;
    if (left < ID3_HEAD_BYTES && !ended) break;
    const tagBytes = id3Length(bytes, at);
    if (tagBytes > 0) {
      at += tagBytes;
      continue;
    }
    const frame = next(bytes, at, ended, last);
    if (frame === 'more') break;
    last = frame;
    if (frame === undefined) {
      at += 1;
      junkBytes += 1;
      continue;
    }
    junkBytes = 0;
    frames.push({ frame, bytes: bytes.subarray(at, at + frame.byteCount) });
    at += frame.byteCount;
  }
  const skipBytes = Math.max(0, at - bytes.length);
  // A copy, so that the rest does not retain the whole piece that it came with.
  return { frames, state: { rest: bytes.slice(at), skipBytes, junkBytes, last } };
}

/** Within a stream a frame is taken as soon as it is complete, so that a live stream is not a frame late. */
function next(
  bytes: Uint8Array,
  at: number,
  ended: boolean,
  last: MpegFrame | undefined,
): MpegFrame | 'more' | undefined {
  const frame = last && bytes.length - at >= FRAME_HEAD_BYTES ? readFrameHead(bytes, at) : undefined;
  if (last === undefined || frame === undefined || !alike(last, frame)) return frameAt(bytes, at, ended);
  if (at + frame.byteCount <= bytes.length) return frame;
  return ended ? undefined : 'more';
}
