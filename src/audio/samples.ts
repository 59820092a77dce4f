import { bytesPerSample, type SampleEncoding } from './format.ts';

/** The sample that begins at byte `at`, on the scale of 16-bit samples: -32768 to 32767, possibly fractional. */
export function sampleAt(bytes: Uint8Array, at: number, encoding: SampleEncoding): number {
  const byte = (offset: number) => bytes[at + offset] ?? 0;
  switch (encoding) {
    case 's16le':
      return ((byte(0) | (byte(1) << 8)) << 16) >> 16;
    case 'u8':
      return (byte(0) - 128) * 256;
    case 's24le':
      return ((byte(0) << 8) | (byte(1) << 16) | (byte(2) << 24)) / 65_536;
    case 's32le':
      return (byte(0) | (byte(1) << 8) | (byte(2) << 16) | (byte(3) << 24)) / 65_536;
    case 'f32le': {
      const value = new DataView(bytes.buffer, bytes.byteOffset + at, 4).getFloat32(0, true);
      return Number.isFinite(value) ? Math.max(-1, Math.min(1, value)) * 32_767 : 0;
    }
    case 'mulaw':
      return MULAW[byte(0)] ?? 0;
    case 'alaw':
      return ALAW[byte(0)] ?? 0;
  }
}

/** Bytes as samples. Nearly all audio is 16-bit, and a view of its samples is much faster than its bytes. */
export interface Samples {
  readonly bytes: Uint8Array;
  readonly encoding: SampleEncoding;
  readonly view: Int16Array | undefined;
}

/** Whole samples at the beginning of bytes, in an encoding. */
export function samplesOf(bytes: Uint8Array, encoding: SampleEncoding): Samples {
  const canView = encoding === 's16le' && bytes.byteOffset % 2 === 0 && LITTLE_ENDIAN;
  const view = canView ? new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1) : undefined;
  return { bytes, encoding, view };
}

/**
 * Adds the squares of `count` samples from sample number `from`, on the scale of 16-bit samples, to the sum `before`.
 * They are added one by one, so that even the last bit of a sum does not depend on how the samples were divided.
 */
export function addEnergy(before: number, samples: Samples, from: number, count: number): number {
  const { bytes, encoding, view } = samples;
  if (view !== undefined) return before + energyOf16(view, from, from + count);
  let sum = before;
  const size = bytesPerSample(encoding);
  for (let i = from; i < from + count; i++) {
    const sample = sampleAt(bytes, i * size, encoding);
    sum += sample * sample;
  }
  return sum;
}

/**
 * Uses two sums, because each addition waits for the one before. The numbers are whole, so their order does not matter.
 * Two squares fit into 32 bits, so only every other number becomes a fractional one.
 */
function energyOf16(samples: Int16Array, from: number, to: number): number {
  let one = 0;
  let other = 0;
  let i = from + 3;
  for (; i < to; i += 4) {
    const a = samples[i - 3] ?? 0;
    const b = samples[i - 2] ?? 0;
    const c = samples[i - 1] ?? 0;
    const d = samples[i] ?? 0;
    one += (Math.imul(a, a) + Math.imul(b, b)) >>> 0;
    other += (Math.imul(c, c) + Math.imul(d, d)) >>> 0;
  }
  for (i -= 3; i < to; i++) {
    const last = samples[i] ?? 0;
    one += last * last;
  }
  return one + other;
}

const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** ITU-T G.711 mu-law, decoded to 16 bits. */
const MULAW = Array.from({ length: 256 }, (_, code) => {
  const value = ~code & 0xff;
  const magnitude = ((((value & 0x0f) << 3) + 0x84) << ((value & 0x70) >> 4)) - 0x84;
  return (value & 0x80) !== 0 ? -magnitude : magnitude;
});

/** ITU-T G.711 A-law, decoded to 16 bits. */
const ALAW = Array.from({ length: 256 }, (_, code) => {
  const value = code ^ 0x55;
  const segment = (value & 0x70) >> 4;
  const step = (value & 0x0f) << 4;
  const magnitude = segment === 0 ? step + 8 : (step + 0x108) << (segment - 1);
  return (value & 0x80) !== 0 ? magnitude : -magnitude;
});
