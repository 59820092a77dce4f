/** The contents of the four-byte header of an MPEG audio frame (ISO 11172-3, 13818-3 and the 2.5 extension). */
export interface MpegFrame {
  readonly version: 1 | 2 | 2.5;
  readonly layer: 1 | 2 | 3;
  readonly sampleRate: number;
  readonly channels: 1 | 2;
  /** Samples per channel. */
  readonly sampleCount: number;
  /** Including the header. */
  readonly byteCount: number;
}

/** The size of the header of a frame. */
export const FRAME_HEAD_BYTES = 4;

/** kbit/s by the header's index, which is 1 to 14. */
const BIT_RATES: Readonly<Record<'1-1' | '1-2' | '1-3' | '2-1' | '2-2' | '2-3', readonly number[]>> = {
  '1-1': [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  '1-2': [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  '1-3': [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  '2-1': [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  '2-2': [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  '2-3': [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};

const SAMPLE_RATES = [44_100, 48_000, 32_000];

/** The frame whose header is at `at`, or undefined if there is none. Free-format frames are not supported. */
export function readFrameHead(bytes: Uint8Array, at: number): MpegFrame | undefined {
  const [first, second = 0, third = 0, fourth] = bytes.subarray(at, at + FRAME_HEAD_BYTES);
  if (fourth === undefined || first !== 0xff || (second & 0xe0) !== 0xe0) return undefined;
  const version = ([2.5, undefined, 2, 1] as const)[(second >> 3) & 3];
  const layer = ([undefined, 3, 2, 1] as const)[(second >> 1) & 3];
  const baseRate = SAMPLE_RATES[(third >> 2) & 3];
  if (version === undefined || layer === undefined || baseRate === undefined) return undefined;
  const kbits = BIT_RATES[`${version === 1 ? 1 : 2}-${layer}`][(third >> 4) - 1];
  if (kbits === undefined) return undefined;
  const sampleRate = baseRate / (version === 1 ? 1 : version === 2 ? 2 : 4);
  const sampleCount = layer === 1 ? 384 : layer === 3 && version !== 1 ? 576 : 1152;
  // Layer I counts in slots of four bytes, the others in bytes.
  const slotBytes = layer === 1 ? 4 : 1;
  const slots =
    Math.floor(((sampleCount / 8 / slotBytes) * (kbits * 1000)) / sampleRate) + ((third >> 1) & 1);
  return {
    version,
    layer,
    sampleRate,
    channels: fourth >> 6 === 3 ? 1 : 2,
    sampleCount,
    byteCount: slots * slotBytes,
  };
}

/**
 * The frame at `at` if it is followed by another like it, or by nothing at all: two bytes with eleven ones and a few
 * plausible values are too common in other data to trust a single header. `more`: the bytes so far do not decide.
 */
export function frameAt(bytes: Uint8Array, at: number, ended: boolean): MpegFrame | 'more' | undefined {
  if (bytes.length - at < FRAME_HEAD_BYTES) return ended ? undefined : 'more';
  const frame = readFrameHead(bytes, at);
  if (frame === undefined) return undefined;
  const nextAt = at + frame.byteCount;
  if (ended && nextAt === bytes.length) return frame;
  if (bytes.length < nextAt + FRAME_HEAD_BYTES) return ended ? undefined : 'more';
  const next = readFrameHead(bytes, nextAt);
  return next !== undefined && alike(frame, next) ? frame : undefined;
}

/** Frames of one stream agree in these; bit rate, padding and stereo mode may change. */
export function alike(one: MpegFrame, other: MpegFrame): boolean {
  return one.version === other.version && one.layer === other.layer && one.sampleRate === other.sampleRate;
}

/** The length in bytes of the ID3v2 tag at `at`, or 0 if there is none. Needs ten bytes. */
export function id3Length(bytes: Uint8Array, at: number): number {
  const head = bytes.subarray(at, at + ID3_HEAD_BYTES);
  const sizes = head.subarray(6);
  if (head.length < ID3_HEAD_BYTES || head[0] !== 0x49 || head[1] !== 0x44 || head[2] !== 0x33) return 0;
  // Seven bits per byte, so that a tag never looks like a frame.
  if (sizes.some((byte) => byte > 0x7f)) return 0;
  const hasFooter = ((head[5] ?? 0) & 0x10) !== 0;
  return ID3_HEAD_BYTES * (hasFooter ? 2 : 1) + sizes.reduce((sum, byte) => sum * 128 + byte, 0);
}

/** The size of the header of an ID3 tag. */
export const ID3_HEAD_BYTES = 10;
