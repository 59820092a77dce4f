import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pcmEar, sniffingEar, type Ear } from '../../src/audio/ear.ts';
import { assume, hear, hearFormat } from '../../src/audio/hear.ts';
import {
  bytesPerSample,
  RAW_DEFAULT,
  type AudioFormat,
  type SampleEncoding,
  WINDOW_MS,
} from '../../src/audio/format.ts';
import { sampleAt } from '../../src/audio/samples.ts';

const noise = (length: number, seed: number) =>
  Uint8Array.from({ length }, (_, i) => (Math.imul(i + 1, 2654435761 + seed) >>> 13) & 0xff);

function hearAll(ear: Ear, frames: readonly Uint8Array[]) {
  let powers: number[] = [];
  for (const frame of frames) {
    const heard = hear(ear, frame, 0);
    ear = heard.ear;
    // Not as arguments of push, because at a low sample rate there may be too many for the stack.
    powers = powers.concat(heard.powers);
  }
  return { powers, positionMs: ear.positionMs, onset: ear.onset.onset };
}

function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const frames: Uint8Array[] = [];
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    frames.push(bytes.subarray(at, at + size));
    at += size;
  }
  return frames;
}

const format = fc.record<AudioFormat>({
  encoding: fc.constantFrom<SampleEncoding>('u8', 's16le', 's24le', 's32le', 'f32le', 'mulaw', 'alaw'),
  sampleRate: fc.constantFrom(100, 8000, 11_025, 22_050, 44_100, 48_000, 12_345.6),
  channels: fc.integer({ min: 1, max: 5 }),
});
const sizes = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 10 });

describe('the ear', () => {
  it('gives the same however the bytes are cut', () => {
    fc.assert(
      fc.property(
        format,
        sizes,
        fc.nat(),
        fc.integer({ min: 0, max: 20_000 }),
        (how, frames, seed, length) => {
          const bytes = noise(length, seed);
          const whole = hearAll(pcmEar(how), [bytes]);
          const parts = hearAll(pcmEar(how), cut(bytes, frames));
          expect(parts).toEqual(whole);
        },
      ),
    );
  });

  it('has a clock that agrees with the number of samples, without drift', () => {
    fc.assert(
      fc.property(format, fc.integer({ min: 0, max: 400_000 }), (how, length) => {
        const { positionMs } = hearAll(pcmEar(how), [new Uint8Array(length)]);
        const frames = Math.floor(length / bytesPerSample(how.encoding) / how.channels);
        const exactMs = (frames / how.sampleRate) * 1000;
        expect(positionMs).toBeLessThanOrEqual(exactMs + 1000 / how.sampleRate + 1e-6);
        expect(positionMs).toBeGreaterThan(exactMs - WINDOW_MS - 1e-6);
      }),
      { numRuns: 50 },
    );
  });

  it('takes bytes without a container for raw samples, and gives silence no power', () => {
    const heard = hear(sniffingEar(RAW_DEFAULT), new Uint8Array(3200), 0);
    expect(heard.powers).toEqual([0, 0, 0, 0, 0]);
    expect(heard.ear.positionMs).toBe(100);
  });

  it('hears nothing after a WAVE header that it cannot read, and has the reason', () => {
    const { ear } = hear(sniffingEar(RAW_DEFAULT), Buffer.from('RIFF\0\0\0\0AVI LIST0000'), 0);
    expect(ear.state.kind === 'deaf' ? ear.state.reason : ear.state.kind).toContain('WAVE');
  });

  it('times compressed audio by its arrival, with at most a second for each piece', () => {
    let ear = sniffingEar(RAW_DEFAULT);
    const arrive = (nowMs: number) => {
      ear = hear(ear, Buffer.from('OggS-and-then-some-bytes'), nowMs).ear;
      return ear.positionMs;
    };

    expect([arrive(5000), arrive(5100), arrive(5130), arrive(5150), arrive(65_150)]).toEqual([
      0, 100, 120, 140, 1140,
    ]);
  });

  // These formats used to be taken for raw samples, so that they were heard as noise.
  it.each([
    ['AIFF', 'FORM\0\0\0\0AIFF'],
    ['AIFF', 'FORM\0\0\0\0AIFC'],
    ['AU', '.snd'],
    ['CAF', 'caff\0\x01'],
    ['Wave64', 'riff\x2e\x91\xcf\x11'],
    ['AMR', '#!AMR\n'],
    ['ASF (WMA)', '\x30\x26\xb2\x75\x8e\x66\xcf\x11'],
    ['FLAC', 'fLaC'],
    ['MP3', 'ID3\x04'],
  ])('does not take %s for raw samples, wherever it is cut', (container, head) => {
    const bytes = Buffer.alloc(64);
    bytes.write(head, 'latin1');
    for (let at = 0; at <= 16; at++) {
      const first = hear(sniffingEar(RAW_DEFAULT), bytes.subarray(0, at), 0);
      const { ear } = hear(first.ear, bytes.subarray(at), 0);
      expect(ear.state).toMatchObject({ kind: 'undecoded', container });
    }
  });

  it('takes bytes that only resemble the beginning of a container for raw samples', () => {
    for (const head of ['FORM\0\0\0\0ILBM', 'riff', 'caf', '#!AM', 'RIFT', 'Fla']) {
      const { ear } = hear(sniffingEar(RAW_DEFAULT), Buffer.from(head.padEnd(64, '\0'), 'latin1'), 0);
      expect(ear.state.kind).toBe('pcm');
    }
  });

  it('continues its clock when the format changes', () => {
    const first = hearFormat(pcmEar(RAW_DEFAULT), RAW_DEFAULT, new Uint8Array(3200)).ear;
    const second = hearFormat(first, { ...RAW_DEFAULT, sampleRate: 8000 }, new Uint8Array(3200)).ear;

    expect(second.positionMs).toBe(300);
    expect(assume(second, 250).ear.positionMs).toBe(540);
  });

  it('identifies an onset by its sound, whatever silence comes before it', () => {
    const sound = noise(20_000, 1);
    const at = (leadBytes: number) => hearAll(pcmEar(RAW_DEFAULT), [new Uint8Array(leadBytes), sound]).onset;

    expect(at(0)?.atMs).toBe(0);
    expect(at(3333 * 2)).toMatchObject({ id: at(0)?.id, atMs: 3333 / 16 });
    expect(hearAll(pcmEar(RAW_DEFAULT), [noise(20_000, 2)]).onset?.id).not.toBe(at(0)?.id);
    expect(hearAll(pcmEar(RAW_DEFAULT), [new Uint8Array(50_000)]).onset).toBeUndefined();
  });
});

it.each<[string, SampleEncoding, number[], number]>([
  ['the lowest sample', 's16le', [0x00, 0x80], -32_768],
  ['the highest sample', 's16le', [0xff, 0x7f], 32_767],
  ['silence', 'u8', [128], 0],
  ['the lowest sample', 'u8', [0], -32_768],
  ['the highest sample', 's24le', [0xff, 0xff, 0x7f], 32_767.996],
  ['the lowest sample', 's24le', [0x00, 0x00, 0x80], -32_768],
  ['the lowest sample', 's32le', [0x00, 0x00, 0x00, 0x80], -32_768],
  ['a sample of -1', 'f32le', [0x00, 0x00, 0x80, 0xbf], -32_767],
  ['NaN', 'f32le', [0x00, 0x00, 0xc0, 0x7f], 0],
  // G.711's own table: mu-law 0x00 is the most negative, 0xff zero; A-law 0xd5 and 0x55 are the smallest.
  ['the lowest sample', 'mulaw', [0x00], -32_124],
  ['the highest sample', 'mulaw', [0x80], 32_124],
  ['silence', 'mulaw', [0xff], 0],
  ['the smallest sample above zero', 'alaw', [0xd5], 8],
  ['the smallest sample below zero', 'alaw', [0x55], -8],
  ['the highest sample', 'alaw', [0xaa], 32_256],
])('reads %s of %s', (_what, encoding, bytes, value) => {
  expect(sampleAt(Uint8Array.from(bytes), 0, encoding)).toBeCloseTo(value, 2);
});

/*
 * A WAVE file may be followed by other chunks and other files. Each chunk used to be read in a nested call, so one message
 * with 200,000 empty ones ended the session with an internal error.
 */
it('the ear skips any number of chunks in one message', () => {
  const header = Buffer.from(
    '524946460000000057415645666d7420100000000100010080bb000000770100020010006461746104000000ffffffff',
    'hex',
  );
  const empty = Buffer.from('LIST\0\0\0\0', 'latin1');
  const all = Buffer.concat([header, ...Array<Buffer>(200_000).fill(empty), header, noise(1916, 1)]);
  const whole = hearAll(sniffingEar(RAW_DEFAULT), [all]);
  const cutUp = hearAll(sniffingEar(RAW_DEFAULT), cut(all, [100_003]));

  expect(whole).toEqual(cutUp);
});
