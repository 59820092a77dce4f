import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sniffingEar } from '../../src/audio/ear.ts';
import { hear } from '../../src/audio/hear.ts';
import { RAW_DEFAULT } from '../../src/audio/format.ts';
import { mixed, resampled } from '../../src/audio/resample.ts';
import { decodeWave } from '../../src/audio/sources/wave.ts';
import { readWav } from '../../src/audio/wav.ts';
import { tone } from '../support/audio.ts';

// `--audio` used to have a reader of its own, which refused files that a socket accepted: with odd chunks, sizes that are
// not known yet, and the extensible header. The socket took chunks after the samples for samples.

const PCM_GUID = Buffer.from('0100000000001000800000aa00389b71', 'hex');
const FLOAT_GUID = Buffer.from('0300000000001000800000aa00389b71', 'hex');
const MS = 300;

function chunk(name: string, body: Uint8Array, { size = body.length, isPadded = true } = {}): Buffer {
  const head = Buffer.alloc(8);
  head.write(name, 0, 'latin1');
  head.writeUInt32LE(size, 4);
  return Buffer.concat([head, body, Buffer.alloc(isPadded ? body.length % 2 : 0)]);
}

interface Form {
  readonly tag?: number;
  readonly bits?: number;
  /** The bits that each sample takes, if these are more. */
  readonly container?: number;
  readonly channels?: number;
  readonly rate?: number;
  readonly guid?: Buffer;
}

function fmt({ tag = 1, bits = 16, container = bits, channels = 1, rate = 16_000, guid }: Form = {}): Buffer {
  const body = Buffer.alloc(guid === undefined ? 16 : 24);
  body.writeUInt16LE(guid === undefined ? tag : 0xfffe, 0);
  body.writeUInt16LE(channels, 2);
  body.writeUInt32LE(rate, 4);
  body.writeUInt32LE((rate * channels * container) / 8, 8);
  body.writeUInt16LE((channels * container) / 8, 12);
  body.writeUInt16LE(bits, 14);
  if (guid === undefined) return chunk('fmt ', body);
  body.writeUInt16LE(22, 16);
  body.writeUInt16LE(bits, 18);
  return chunk('fmt ', Buffer.concat([body, guid]));
}

const wave = (...chunks: readonly Uint8Array[]) =>
  Buffer.concat([Buffer.from('RIFF\0\0\0\0WAVE', 'latin1'), ...chunks]);
const samples = (bits = 16, channels = 1, rate = 16_000) =>
  Buffer.alloc((MS * rate * channels * bits) / 8000, Buffer.from('0123456789ab', 'hex'));
const data = (bytes: Uint8Array = samples(), size = bytes.length) => chunk('data', bytes, { size });
const list = (length: number, isPadded: boolean) => chunk('LIST', Buffer.alloc(length, 'i'), { isPadded });

function rf64(name: 'RF64' | 'BW64', size: number): Buffer {
  const ds64 = Buffer.alloc(28);
  ds64.writeBigUInt64LE(BigInt(samples().length), 8);
  return Buffer.concat([
    Buffer.from(`${name}\xff\xff\xff\xffWAVE`, 'latin1'),
    chunk('ds64', ds64),
    fmt(),
    data(samples(), size),
    chunk('LIST', Buffer.alloc(20_000, 'i')),
  ]);
}

const TAKEN: readonly (readonly [name: string, file: Buffer])[] = [
  ['plain', wave(fmt(), data())],
  ['with an odd chunk', wave(fmt(), list(27, true), data())],
  ['with an odd chunk without padding', wave(fmt(), list(27, false), data())],
  ['with odd chunks before the format', wave(list(1, false), list(3, true), list(5, false), fmt(), data())],
  ['with an unknown chunk', wave(chunk('zzzz', Buffer.alloc(9)), fmt(), data())],
  [
    'with chunks behind the samples',
    wave(fmt(), data(), list(20_000, true), chunk('id3 ', Buffer.alloc(9000))),
  ],
  [
    'with odd samples and chunks behind them',
    wave(fmt({ bits: 8, rate: 8010 }), chunk('data', samples(8, 1, 8010)), list(20_000, true)),
  ],
  [
    'without padding behind odd samples',
    wave(
      fmt({ bits: 8, rate: 8010 }),
      chunk('data', samples(8, 1, 8010), { isPadded: false }),
      list(20_000, true),
    ),
  ],
  ['extensible', wave(fmt({ guid: PCM_GUID }), data())],
  [
    'extensible, 24 bits, six channels',
    wave(fmt({ guid: PCM_GUID, bits: 24, channels: 6 }), data(samples(24, 6))),
  ],
  [
    'extensible floats',
    wave(fmt({ guid: FLOAT_GUID, bits: 32, rate: 48_000 }), data(Buffer.alloc(MS * 48 * 4))),
  ],
  ['of 8 bits', wave(fmt({ bits: 8 }), data(samples(8)))],
  ['of 24 bits', wave(fmt({ bits: 24, rate: 44_100 }), data(samples(24, 1, 44_100)))],
  ['of 32 bits, stereo', wave(fmt({ bits: 32, channels: 2 }), data(samples(32, 2)))],
  ['of floats', wave(fmt({ tag: 3, bits: 32 }), data(Buffer.alloc(MS * 16 * 4)))],
  ['mu-law of 8 kHz', wave(fmt({ tag: 7, bits: 8, rate: 8000 }), data(samples(8, 1, 8000)))],
  ['A-law of 8 kHz', wave(fmt({ tag: 6, bits: 8, rate: 8000 }), data(samples(8, 1, 8000)))],
  ['of 11025 Hz', wave(fmt({ rate: 11_025, channels: 2 }), data(Buffer.alloc(4 * 3308)))],
  ['with size 0', wave(fmt(), data(samples(), 0))],
  ['with size 0xFFFFFFFF', wave(fmt(), data(samples(), 0xffff_ffff))],
  ['with size 0x7FFFFFFF', wave(fmt(), data(samples(), 0x7fff_ffff))],
  ['cut short', wave(fmt(), data(samples(), 10 * samples().length))],
  ['RF64', rf64('RF64', 0xffff_ffff)],
  ['BW64', rf64('BW64', 0xffff_ffff)],
  ['RF64 with its size where it was', rf64('RF64', samples().length)],
];

const REFUSED: readonly (readonly [name: string, file: Buffer])[] = [
  ['of MP3', wave(fmt({ tag: 0x55, bits: 0 }), data())],
  ['of 12 bits', wave(fmt({ bits: 12 }), data())],
  // These used to be read as samples of three bytes, so that they were noise and a third longer.
  ['of 24 bits in 4 bytes', wave(fmt({ bits: 24, container: 32, channels: 2 }), data(samples(32, 2)))],
  ['of doubles', wave(fmt({ tag: 3, bits: 64 }), data(samples(64)))],
  ['with a format after its samples', wave(data(), fmt())],
  ['without a format', wave(data())],
  ['without channels', wave(fmt({ channels: 0 }), data())],
  // With numbers in the other byte order, it used to be taken for raw samples.
  ['of big-endian numbers', Buffer.concat([Buffer.from('RIFX\0\0\0\0WAVE', 'latin1'), fmt(), data()])],
  ['of something else in RIFF', Buffer.concat([Buffer.from('RIFF\0\0\0\0AVI ', 'latin1'), fmt(), data()])],
  ['with a header that does not end', wave(fmt(), chunk('LIST', Buffer.alloc(70_000)), data())],
];

/** The milliseconds that a socket hears of a file in these pieces. */
function heardMs(pieces: readonly Uint8Array[]): number {
  let ear = sniffingEar(RAW_DEFAULT);
  for (const piece of pieces) ({ ear } = hear(ear, piece, 0));
  return ear.positionMs;
}

async function streamedMs(pieces: readonly Uint8Array[]): Promise<number> {
  async function* body() {
    for (const piece of pieces) yield await Promise.resolve(piece);
  }
  let ms = 0;
  for await (const { durationMs } of decodeWave(body(), 'a.wav')) ms += durationMs;
  return ms;
}

describe('a WAVE file', () => {
  it.each(TAKEN)('%s is accepted by sockets, streams and flags alike', async (_name, file) => {
    expect(heardMs([file])).toBe(MS);
    expect(await streamedMs([file])).toBeCloseTo(MS, 0);
    expect(readWav(file, 'a.wav').durationMs).toBeCloseTo(MS, 0);
  });

  it.each(TAKEN)('%s is accepted wherever it is cut', async (_name, file) => {
    for (let at = 1; at < Math.min(file.length, 140); at++) {
      const pieces = [file.subarray(0, at), file.subarray(at)];
      expect(heardMs(pieces)).toBe(MS);
      expect(await streamedMs(pieces)).toBeCloseTo(MS, 0);
    }
    const bytes = Array.from(file.subarray(0, 140), (byte) => Uint8Array.of(byte));

    expect(heardMs([...bytes, file.subarray(140)])).toBe(MS);

    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: file.length }), { maxLength: 5 }), (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), file.length];
        expect(heardMs(at.slice(1).map((to, i) => file.subarray(at[i], to)))).toBe(MS);
      }),
      { numRuns: 20 },
    );
  });

  it.each(REFUSED)('%s is refused by sockets, streams and flags alike', async (_name, file) => {
    expect(heardMs([file])).toBe(0);
    await expect(streamedMs([file])).rejects.toThrow('a.wav');
    expect(() => readWav(file, 'a.wav')).toThrow(/^a\.wav: not a WAVE file that can be read \(/);
  });
});

it('consecutive files are heard one after the other', async () => {
  const first = wave(fmt(), data(), list(20, true));
  const second = wave(fmt({ rate: 8000 }), data(samples(16, 1, 8000)));

  expect(heardMs([first, second])).toBe(2 * MS);
  expect(heardMs([Buffer.concat([first, second])])).toBe(2 * MS);
  expect(await streamedMs([first, second])).toBeCloseTo(2 * MS, 0);
  expect(await streamedMs([Buffer.concat([first, second])])).toBeCloseTo(2 * MS, 0);
  for (const file of [
    Buffer.concat([first, second]),
    Buffer.concat([second, first]),
    Buffer.concat([first, first]),
  ])
    expect(readWav(file, 'a.wav').durationMs).toBeCloseTo(2 * MS, 0);
});

// A socket used to hear all of them, while a stream and later `--audio` stopped at the length in the header.
it.each([
  ['16 bits', wave(fmt(), data(samples(), 640))],
  ['24 bits, stereo, half a sample counted', wave(fmt({ bits: 24, channels: 2 }), data(samples(24, 2), 601))],
])('samples beyond the length in the header are heard: %s', async (_name, file) => {
  expect(Math.abs(heardMs([file]) - MS)).toBeLessThanOrEqual(20);
  expect(Math.abs((await streamedMs([file])) - MS)).toBeLessThan(1);
  expect(Math.abs(readWav(file, 'a.wav').durationMs - MS)).toBeLessThan(1);
  for (const at of [20, 44, 300, 645, 650, 700]) {
    expect(Math.abs((await streamedMs([file.subarray(0, at), file.subarray(at)])) - MS)).toBeLessThan(1);
  }
});

describe('the conversion to 16 kHz and one channel', () => {
  const sine = (rate: number) =>
    Float32Array.from({ length: rate }, (_, i) => 0.5 * Math.sin((2 * Math.PI * 220 * i) / rate));
  const power = (given: Float32Array) => given.reduce((sum, each) => sum + each * each, 0) / given.length;

  it.each([8000, 11_025, 22_050, 44_100, 48_000])('keeps a tone of %d Hz and its length', (rate) => {
    const there = resampled(sine(rate), rate, 16_000);
    expect(there).toHaveLength(16_000);
    expect(power(there)).toBeCloseTo(0.125, 2);
  });

  it('mixes channels', () => {
    expect([...mixed([Float32Array.of(1, 0), Float32Array.of(0, 0.5)])]).toEqual([0.5, 0.25]);
  });

  it('does not change 16 kHz and one channel', () => {
    const { channels } = readWav(wave(fmt(), data(tone(MS))), 'a.wav');
    expect(resampled(mixed(channels), 16_000, 16_000)).toBe(channels[0]);
  });
});
