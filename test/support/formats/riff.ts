import { join } from '../audio.ts';

/** How samples from -1 to 1 are written in a WAV. */
export interface Encoding {
  /** The format tag of a WAVE header. */
  readonly tag: number;
  readonly bits: number;
  readonly encode: (samples: ArrayLike<number>) => Uint8Array;
}

function encoder(bytes: number, write: (view: DataView, at: number, sample: number) => void) {
  return (samples: ArrayLike<number>) => {
    const encoded = new Uint8Array(samples.length * bytes);
    const view = new DataView(encoded.buffer);
    for (let i = 0; i < samples.length; i++) write(view, i * bytes, samples[i] ?? 0);
    return encoded;
  };
}

export const S16: Encoding = {
  tag: 1,
  bits: 16,
  encode: encoder(2, (view, at, sample) => view.setInt16(at, Math.round(sample * 32_767), true)),
};

export const ENCODINGS = {
  u8: {
    tag: 1,
    bits: 8,
    encode: encoder(1, (view, at, sample) => view.setUint8(at, 128 + Math.round(sample * 127))),
  },
  s24: {
    tag: 1,
    bits: 24,
    encode: encoder(3, (view, at, sample) => {
      const value = Math.round(sample * 8_388_607);
      view.setUint16(at, value & 0xffff, true);
      view.setInt8(at + 2, value >> 16);
    }),
  },
  s32: {
    tag: 1,
    bits: 32,
    encode: encoder(4, (view, at, sample) => view.setInt32(at, Math.round(sample * 2_147_483_647), true)),
  },
  f32: { tag: 3, bits: 32, encode: encoder(4, (view, at, sample) => view.setFloat32(at, sample, true)) },
  // G.711: sign, exponent and mantissa, complemented (mu-law) or with every other bit toggled (A-law).
  mulaw: {
    tag: 7,
    bits: 8,
    encode: encoder(1, (view, at, sample) => {
      const magnitude = Math.min(32_635, Math.round(Math.abs(sample) * 32_767)) + 132;
      const exponent = Math.floor(Math.log2(magnitude)) - 7;
      const mantissa = (magnitude >> (exponent + 3)) & 0xf;
      view.setUint8(at, ~((sample < 0 ? 0x80 : 0) | (exponent << 4) | mantissa) & 0xff);
    }),
  },
  alaw: {
    tag: 6,
    bits: 8,
    encode: encoder(1, (view, at, sample) => {
      const magnitude = Math.min(32_767, Math.round(Math.abs(sample) * 32_767));
      const exponent = magnitude < 256 ? 0 : Math.floor(Math.log2(magnitude)) - 7;
      const mantissa = (magnitude >> (exponent === 0 ? 4 : exponent + 3)) & 0xf;
      view.setUint8(at, ((sample < 0 ? 0 : 0x80) | (exponent << 4) | mantissa) ^ 0x55);
    }),
  },
} as const satisfies Record<string, Encoding>;

/** A RIFF/WAVE file, with additions that real files have and with possible mistakes. */
export function riff(
  { tag, bits, encode }: Encoding,
  sampleRate: number,
  channels: number,
  samples: ArrayLike<number>,
  change: {
    readonly tag?: number;
    readonly extensible?: boolean;
    readonly before?: readonly string[];
    readonly dataLength?: number;
  } = {},
): Uint8Array {
  const data = encode(samples);
  const format = Buffer.alloc(change.extensible ? 40 : 16);
  const frame = (bits / 8) * channels;
  format.writeUInt16LE(change.extensible ? 0xfffe : (change.tag ?? tag), 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(sampleRate, 4);
  format.writeUInt32LE(sampleRate * frame, 8);
  format.writeUInt16LE(frame, 12);
  format.writeUInt16LE(bits, 14);
  if (change.extensible) {
    format.writeUInt16LE(22, 16);
    format.writeUInt16LE(bits, 18);
    // The sub-format is a GUID that begins with the tag.
    format.writeUInt16LE(change.tag ?? tag, 24);
    format.write('000000001000800000aa00389b71', 26, 'hex');
  }
  const others = (change.before ?? []).map((name) => chunk(name, Buffer.from('odd')));
  const body = join(
    Buffer.from('WAVE'),
    ...others,
    chunk('fmt ', format),
    ...others,
    chunk('data', data, change.dataLength),
  );
  return chunk('RIFF', body);
}

function chunk(name: string, content: Uint8Array, length = content.length): Uint8Array {
  const head = Buffer.alloc(8, name);
  head.writeUInt32LE(length >>> 0, 4);
  return join(head, content, new Uint8Array(content.length % 2));
}
