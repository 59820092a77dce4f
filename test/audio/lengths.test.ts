import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lengthOf, type Measured } from '../../src/audio/lengths/length.ts';
import { join } from '../support/audio.ts';

async function* pieces(bytes: Uint8Array, pieceBytes: number) {
  await Promise.resolve();
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

/** 32-bit numbers, big-endian. */
function words(...numbers: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(4 * numbers.length);
  numbers.forEach((number, i) => bytes.writeUInt32BE(number, 4 * i));
  return bytes;
}

function box(name: string, ...content: readonly Uint8Array[]): Uint8Array {
  const bytes = join(...content);
  return join(words(8 + bytes.length), Buffer.from(name, 'latin1'), bytes);
}

const ftyp = box('ftyp', Buffer.from('isom'));
const mdat = box('mdat', new Uint8Array(9000));
const movieHead = (scale: number, length: number) =>
  box('mvhd', words(0, 1, 1, scale, length), new Uint8Array(80));
const longHead = box('mvhd', words(0x01000000, 0, 1, 0, 1, 90_000, 1, 0), new Uint8Array(80));
const longBox = join(words(1), Buffer.from('mdat'), words(0, 16 + 300), new Uint8Array(300));

/** A page of an OGG file with one packet. */
function page(granule: bigint, packet: Uint8Array): Uint8Array {
  const head = Buffer.alloc(27 + 1);
  head.write('OggS', 0, 'latin1');
  head.writeBigInt64LE(granule, 6);
  head[26] = 1;
  head[27] = packet.length;
  return join(head, packet);
}

const opus = Buffer.from('OpusHead\u0001\u0001\u0038\u0001\u0080\u00bb\u0000\u0000', 'latin1');
const vorbis = Buffer.concat([
  Buffer.from('\u0001vorbis\0\0\0\0\u0001', 'latin1'),
  Buffer.from([0x44, 0xac, 0, 0]),
]);
const sound = new Uint8Array(200);

function flac(samples: number): Uint8Array {
  // 16 kHz, mono, 16 bits.
  const rate = Buffer.from([0x03, 0xe8, 0x00, 0xf0 | Math.floor(samples / 2 ** 32)]);
  return join(
    Buffer.from('fLaC\0\0\0\u0022', 'latin1'),
    new Uint8Array(10),
    rate,
    words(samples % 2 ** 32),
    sound,
  );
}

const FILES: readonly (readonly [
  what: string,
  container: Measured,
  file: Uint8Array,
  ms: number | 'invalid',
])[] = [
  ['an MP4 with its head in front', 'MP4', join(ftyp, box('moov', movieHead(1000, 2500)), mdat), 2500],
  ['an MP4 with its head behind', 'MP4', join(ftyp, mdat, box('moov', movieHead(48_000, 72_000))), 1500],
  [
    'an MP4 with times of 64 bits',
    'MP4',
    join(ftyp, longBox, box('moov', longHead)),
    (2 ** 32 / 90_000) * 1000,
  ],
  [
    'an MP4 in fragments',
    'MP4',
    join(ftyp, box('moov', movieHead(1000, 0), box('mvex', box('mehd', words(0, 4000)))), mdat),
    4000,
  ],
  ['a MOV without a type', 'MP4', join(box('wide'), mdat, box('moov', movieHead(600, 600))), 1000],
  ['an MP4 without a head', 'MP4', join(ftyp, mdat), (9020 / 4000) * 1000],
  ['an MP4 whose length is not known', 'MP4', join(box('moov', movieHead(1000, 2 ** 32 - 1))), 29],
  ['an MP4 that is cut off', 'MP4', join(ftyp, words(90, 0x6d6f6f76)), 5],
  ['bytes that are not MP4', 'MP4', new Uint8Array(5000), 'invalid'],
  ['an MP4 box that is shorter than its head', 'MP4', join(words(4), Buffer.from('free')), 'invalid'],
  ['Opus', 'OGG', join(page(0n, opus), page(48_312n, sound), page(-1n, sound)), 1000],
  ['Vorbis', 'OGG', join(page(0n, vorbis), page(88_200n, sound)), 2000],
  [
    'an OGG of an unknown codec',
    'OGG',
    join(page(0n, sound), page(9n, new Uint8Array(245))),
    (501 / 4000) * 1000,
  ],
  ['FLAC', 'FLAC', flac(24_000), 1500],
  ['a long FLAC', 'FLAC', flac(2 ** 32), (2 ** 32 / 16_000) * 1000],
  ['FLAC without a length', 'FLAC', flac(0), (226 / 4000) * 1000],
  ['WebM', 'WebM', new Uint8Array(8000), 2000],
];

describe('the length of', () => {
  test.each(FILES)(
    '%s is as given in the file, or estimated from its size',
    async (_, container, file, ms) => {
      for (const pieceBytes of [file.length, 1, 7])
        expect(await lengthOf(container, pieces(file, pieceBytes))).toBe(ms);
    },
  );

  test('any bytes is a number, and never negative', async () => {
    const containers = fc.constantFrom<Measured>('MP4', 'OGG', 'FLAC', 'WebM');
    const heads = fc.constantFrom(...FILES.map(([, , file]) => file));
    const cutting = fc.asyncProperty(
      containers,
      heads,
      fc.uint8Array({ maxLength: 80 }),
      fc.nat(),
      async (container, head, noise, cut) => {
        const file = join(head.subarray(0, cut % head.length), noise);
        const ms = await lengthOf(container, pieces(file, 64));
        expect(ms === 'invalid' || ms >= 0).toBe(true);
      },
    );

    await fc.assert(cutting, { numRuns: 200 });
  });
});
