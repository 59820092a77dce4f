import fc from 'fast-check';
import { expect, it } from 'vitest';
import { frameAt, id3Length, readFrameHead } from '../../../src/audio/sources/mpeg-frame.ts';
import { fixtureFile } from '../../support/audio.ts';

it.each([
  // Lengths and rates from the tables of the standards.
  ['fffb9064', { version: 1, layer: 3, sampleRate: 44_100, channels: 2, sampleCount: 1152, byteCount: 417 }],
  ['fffb9264', { version: 1, layer: 3, sampleRate: 44_100, channels: 2, sampleCount: 1152, byteCount: 418 }],
  ['fffbe4c4', { version: 1, layer: 3, sampleRate: 48_000, channels: 1, sampleCount: 1152, byteCount: 960 }],
  ['fff348c4', { version: 2, layer: 3, sampleRate: 16_000, channels: 1, sampleCount: 576, byteCount: 144 }],
  ['ffe318c4', { version: 2.5, layer: 3, sampleRate: 8000, channels: 1, sampleCount: 576, byteCount: 72 }],
  ['fffda400', { version: 1, layer: 2, sampleRate: 48_000, channels: 2, sampleCount: 1152, byteCount: 576 }],
  ['ffff1800', { version: 1, layer: 1, sampleRate: 32_000, channels: 2, sampleCount: 384, byteCount: 48 }],
  ['fff5e800', { version: 2, layer: 2, sampleRate: 16_000, channels: 2, sampleCount: 1152, byteCount: 1440 }],
])('reads the head %s', (hex, expected) => {
  expect(readFrameHead(Buffer.from(hex, 'hex'), 0)).toEqual(expected);
});

it.each([
  ['no sync', '00fb9064'],
  ['half a sync', 'ff1b9064'],
  ['reserved version', 'ffeb9064'],
  ['reserved layer (AAC in ADTS)', 'fff99064'],
  ['free format', 'fffb0064'],
  ['forbidden bit rate', 'fffbf064'],
  ['reserved sample rate', 'fffb9c64'],
  ['three bytes', 'fffb90'],
])('finds no frame in %s', (_what, hex) => {
  expect(readFrameHead(Buffer.from(hex, 'hex'), 0)).toBeUndefined();
});

it('accepts a frame if another one or the end follows', () => {
  const mp3 = fixtureFile('en-appointment.mp3');
  expect(frameAt(mp3, 0, false)).toMatchObject({ byteCount: 144 });
  expect(frameAt(mp3.subarray(0, 147), 0, false)).toBe('more');
  expect(frameAt(mp3.subarray(0, 147), 0, true)).toBeUndefined();
  expect(frameAt(mp3.subarray(0, 144), 0, true)).toMatchObject({ byteCount: 144 });
  expect(frameAt(mp3.subarray(0, 3), 0, false)).toBe('more');
  expect(frameAt(mp3.subarray(0, 3), 0, true)).toBeUndefined();

  const alone = Uint8Array.from(mp3.subarray(0, 400)).fill(0, 144);
  expect(frameAt(alone, 0, false)).toBeUndefined();
});

it('never needs more than the longest frame and the next head', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 4, maxLength: 8 }), (head) => {
      const bytes = new Uint8Array(2885);
      bytes.set([0xff, 0xe0 | (head[0] ?? 0), ...head.subarray(1)]);
      expect(frameAt(bytes, 0, false)).not.toBe('more');
    }),
  );
});

it.each([
  ['4944330400000000003f', 73],
  ['4944330400100000003f', 83],
  ['49443304000000000100', 138],
  ['494433040000000000ff', 0],
  ['4944340400000000003f', 0],
  ['49443304000000', 0],
])('reads the length of the tag %s as %i', (hex, length) => {
  expect(id3Length(Buffer.from(hex, 'hex'), 0)).toBe(length);
});
