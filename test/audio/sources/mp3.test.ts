import { expect, it, vi } from 'vitest';
import type { SourceChunk } from '../../../src/audio/source.ts';
import { createMp3Decoder, decodeMp3 } from '../../../src/audio/sources/mp3.ts';
import { framesOf } from '../../../src/audio/sources/mpeg-frames.ts';
import { fixture, fixtureFile, join } from '../../support/audio.ts';
import { all, durationOf, failure, pcmOf, pieces, same } from './support.ts';

const MP3 = fixtureFile('en-appointment.mp3');

async function decode(body: AsyncIterable<Uint8Array>): Promise<SourceChunk[]> {
  const decoder = await createMp3Decoder();
  try {
    return await all(decodeMp3(body, decoder, 'http://h/a.mp3'));
  } finally {
    decoder.free();
  }
}

function samples(pcm: Uint8Array): number[] {
  const view = new DataView(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  return Array.from({ length: pcm.length / 2 }, (_, i) => view.getInt16(2 * i, true));
}

/** The correlation of two signals, from -1 to 1, if the second is `delay` samples late. */
function likeness(one: readonly number[], other: readonly number[], delay: number): number {
  let product = 0;
  let ones = 0;
  let others = 0;
  for (let i = 0; i < one.length; i += 1) {
    const a = one[i] ?? 0;
    const b = other[i + delay] ?? 0;
    product += a * b;
    ones += a * a;
    others += b * b;
  }
  return product / Math.sqrt(ones * others);
}

it('decodes a recording to the samples that were encoded, in its own rate and channels', async () => {
  const { pcm, durationMs } = fixture('en-appointment.wav');
  const chunks = await decode(pieces(MP3, 4096));
  const formats = new Set(chunks.map((chunk) => JSON.stringify(chunk.kind === 'pcm' && chunk.format)));

  expect([...formats]).toEqual([JSON.stringify({ encoding: 's16le', sampleRate: 16_000, channels: 1 })]);
  // An encoder adds up to three frames of 36 ms around the audio.
  expect(durationOf(chunks) - durationMs).toBeGreaterThanOrEqual(0);
  expect(durationOf(chunks) - durationMs).toBeLessThan(150);

  const original = samples(pcm);
  const decoded = samples(pcmOf(chunks));
  const delays = Array.from({ length: 3000 }, (_, delay) => delay);
  const coarse = original.slice(16_000, 16_400);
  const delay = delays.reduce((best, each) =>
    likeness(coarse, decoded, each + 16_000) > likeness(coarse, decoded, best + 16_000) ? each : best,
  );

  expect(likeness(original, decoded, delay)).toBeGreaterThan(0.95);
});

it('gives chunks of at most 100 ms whose durations are those of their samples', async () => {
  for (const chunk of await decode(pieces(MP3, MP3.length))) {
    if (chunk.kind !== 'pcm') throw new Error('it is all MP3');
    expect(chunk.durationMs).toBeLessThanOrEqual(100);
    expect(chunk.durationMs).toBeCloseTo(chunk.bytes.length / 2 / 16, 9);
  }
});

it.each([1, 7, 144, 145, 1000, 65_536])(
  'gives the same samples if the body arrives in pieces of %i bytes',
  async (length) => {
    const whole = pcmOf(await decode(pieces(MP3, MP3.length)));
    expect(same(pcmOf(await decode(pieces(MP3, length))), whole)).toBe(true);
  },
);

it('decodes the existing part of a recording that is cut off within a frame', async () => {
  const whole = await decode(pieces(MP3, 4096));
  const cut = await decode(pieces(MP3.subarray(0, Math.floor(MP3.length / 2) + 17), 4096));

  expect(durationOf(cut)).toBeGreaterThan(durationOf(whole) * 0.48);
  expect(durationOf(cut)).toBeLessThan(durationOf(whole) * 0.51);
  expect(same(pcmOf(whole).subarray(0, pcmOf(cut).length), pcmOf(cut))).toBe(true);
});

it('can start in the middle of a stream, as when joining a live stream', async () => {
  const chunks = await decode(pieces(MP3.subarray(10_001), 1000));
  expect(durationOf(chunks)).toBeGreaterThan(5000);
});

it('skips tags before, between and after', async () => {
  const picture = new Uint8Array(200_000).fill(0xff);
  const size = [21, 14, 7, 0].map((shift) => (picture.length >> shift) & 0x7f);
  const tag = join(Uint8Array.from([0x49, 0x44, 0x33, 4, 0, 0, ...size]), picture);
  const old = join(new TextEncoder().encode('TAG'), new Uint8Array(125).fill(0x20));
  const frames = await all(framesOf(pieces(join(tag, MP3, tag, MP3, old), 1000)));
  const plain = await all(framesOf(pieces(MP3, 1000)));

  expect(frames.map(({ bytes }) => bytes)).toEqual([...plain, ...plain].map(({ bytes }) => bytes));
});

it('decodes a damaged stream around the damage and prints nothing', async () => {
  const printed = [vi.spyOn(console, 'error'), vi.spyOn(console, 'log'), vi.spyOn(console, 'warn')];
  const { error: before } = console;
  const whole = durationOf(await decode(pieces(MP3, 4096)));
  for (let seed = 1; seed <= 40; seed += 1) {
    const damaged = Uint8Array.from(MP3);
    for (let hits = 0; hits < 400; hits += 1) {
      damaged[(seed * 7919 + hits * 104_729) % damaged.length] = (seed * 31 + hits * 17) & 0xff;
    }
    const chunks = await decode(pieces(damaged, 4096));
    expect(durationOf(chunks)).toBeGreaterThan(whole / 4);
    expect(durationOf(chunks)).toBeLessThanOrEqual(whole + 200);
  }

  expect(printed.flatMap(({ mock }) => mock.calls)).toEqual([]);

  const { error: after } = console;
  expect(after).toBe(before);

  vi.restoreAllMocks();
});

it('gives up on a body without frames', async () => {
  const error = await failure(decode(pieces(new Uint8Array(100_000), 1000)));
  expect(error.problem).toBe('unsupported');
  expect(error.message).toBe(
    'Unsupported format: http://h/a.mp3 begins like an MP3 file but has no MPEG frames',
  );
});

it('stops reading after 64 KiB without a frame', async () => {
  let read = 0;
  const endless = async function* () {
    for (;;) {
      yield await Promise.resolve(new Uint8Array(1000));
      read += 1000;
    }
  };

  expect(await all(framesOf(endless()))).toEqual([]);
  expect(read).toBeLessThan(70_000);
});

it('gives up if frames look right but cannot be decoded', async () => {
  // Heads of 32 kbit/s mono frames around nothing that an encoder would write.
  const frames = Array.from({ length: 400 }, (_, i) => {
    const frame = new Uint8Array(144).map((_byte, at) => (at * 37 + i * 101) & 0xff);
    frame.set([0xff, 0xf3, 0x48, 0xc4]);
    return frame;
  });
  const chunks = await decode(pieces(join(...frames), 1000)).catch((error: unknown) => error);

  // Noise and an error are both fine, but not a loop or output on the console.
  expect(chunks instanceof Error ? chunks.message : 'decoded').toMatch(/^decoded$|cannot be decoded$/);
});

it('does nothing once it is freed, which may be done twice', async () => {
  const decoder = await createMp3Decoder();
  const [frame] = await all(framesOf(pieces(MP3, 4096)));
  decoder.free();
  decoder.free();

  expect(frame && decoder.decode(frame)).toBeUndefined();
});
