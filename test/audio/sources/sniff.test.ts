import { expect, it, vi } from 'vitest';
import { sniff, sniffBody } from '../../../src/audio/sources/sniff.ts';
import { fixtureFile, join, tone, wav } from '../../support/audio.ts';
import { all, pieces } from './support.ts';

const MP3 = fixtureFile('en-appointment.mp3');
const SEGMENT = fixtureFile('en-appointment-hls/segment-0.mp3');
const TAG = SEGMENT.subarray(0, 73);
const text = (content: string) => new TextEncoder().encode(content);
const hex = (digits: string) => join(Buffer.from(digits.replaceAll(' ', ''), 'hex'), new Uint8Array(200));

const transport = new Uint8Array(600);
for (let at = 0; at < transport.length; at += 188) transport[at] = 0x47;

it.each([
  ['a recording', wav(tone(10)), undefined, 'wav'],
  ['an MP3 without a tag', MP3, undefined, 'mp3'],
  ['an MP3 with a tag', SEGMENT, undefined, 'mp3'],
  [
    'an MP3 with a tag that is longer than what is looked at',
    join(hex('494433 0400 00 00020000'), new Uint8Array(20_000)),
    undefined,
    'mp3',
  ],
  ['an MP3 that the server declares as text', MP3, 'text/html', 'mp3'],
  ['an MP3 that begins within a frame', MP3.subarray(100), 'audio/mpeg', 'mp3'],
  ['a playlist', text('#EXTM3U\n#EXT-X-VERSION:3\n'), undefined, 'hls'],
  ['a playlist with a byte order mark', text('\uFEFF#EXTM3U\n#EXT-X-VERSION:3\n'), 'text/plain', 'hls'],
] as const)('recognises %s', (_what, bytes, type, kind) => {
  expect(sniff(bytes, type, true)).toEqual({ kind });
});

it.each([
  ['empty', false, new Uint8Array(0), 'audio/mpeg'],
  ['an HTML page', false, text('\n<!DOCTYPE html>\n<html><body>sorry</body></html>'), undefined],
  ['an HTML page', false, text('<HTML lang="en"><head></head></HTML>'), undefined],
  ['an HTML page', false, text('<!-- x --><p>sorry</p>'), 'text/html; charset=utf-8'],
  [
    'an XML document',
    false,
    text('<?xml version="1.0"?><Error><Code>BlobNotFound</Code></Error>'),
    'application/xml',
  ],
  ['JSON', false, text('{"error":"no such stream"}'), undefined],
  ['text', false, text('no such stream, sorry'), undefined],
  ['text', false, text('ü: http://example.com/a.mp3'), 'audio/mpeg'],
  ['compressed with gzip', false, hex('1f8b0800 00000000'), 'audio/mpeg'],
  ['OGG', true, hex('4f676753 0002'), undefined],
  ['FLAC', true, hex('664c6143 00000022'), undefined],
  ['FLAC', true, join(TAG, hex('664c6143 00000022')), undefined],
  ['WebM', true, hex('1a45dfa3 01000000'), undefined],
  ['MP4', true, hex('00000020 66747970 4d344120'), undefined],
  ['AIFF', true, text('FORM\0\0\0\0AIFFCOMM'.padEnd(200)), undefined],
  ['AIFF', true, text('FORM\0\0\0\0AIFCFVER'.padEnd(200)), undefined],
  ['AU', true, hex('2e736e64 00000018'), 'audio/basic'],
  ['CAF', true, hex('63616666 00010000'), undefined],
  ['Wave64', true, hex('72696666 2e91cf11 a5d628db'), undefined],
  ['AMR', true, text('#!AMR-WB\n\0'.padEnd(200)), undefined],
  ['ASF (WMA)', true, hex('3026b275 8e66cf11 a6d900aa'), undefined],
  ['AAC (ADTS)', true, hex('fff15080 02bffc21'), undefined],
  ['AAC (ADTS)', true, join(TAG, hex('fff94c80 02bffc21')), undefined],
  ['an MPEG transport stream', true, transport, undefined],
  ['an MPEG transport stream', true, transport.map((byte) => byte || 0x20), undefined],
  ['text', false, text('G'.padEnd(188) + 'G'.padEnd(400)), undefined],
  ['data of an unknown kind', true, hex('0102030405060708 090a0b0c'), undefined],
  ['data of an unknown kind', true, hex('47'), undefined],
  [
    'data of an unknown kind, not MP3 as its content type says',
    true,
    hex('0102030405060708 090a0b0c'),
    'audio/mpeg',
  ],
  ['AAC', true, hex('0102030405060708 090a0b0c'), 'audio/aacp'],
  ['data of an unknown kind', true, hex('0102030405060708 090a0b0c'), 'constructor'],
])('names %s', (name, media, bytes, type) => {
  expect(sniff(bytes, type, true)).toEqual({ kind: 'other', name, media });
});

it('decides the same however little arrives at a time, and passes every byte on', async () => {
  for (const [bytes, kind] of [
    [MP3, 'mp3'],
    [SEGMENT, 'mp3'],
    [wav(tone(10)), 'wav'],
    [text('#EXTM3U\n#EXTINF:1,\na.mp3'), 'hls'],
    [transport, 'other'],
    [text('a short text'), 'other'],
    [new Uint8Array(0), 'other'],
    [new Uint8Array(50_000), 'other'],
  ] as const) {
    for (const length of [1, 5, 100, 100_000]) {
      const { sniffed, all: body } = await sniffBody(pieces(bytes, length), undefined);
      expect(sniffed.kind).toBe(kind);
      expect(Buffer.concat(await all(body)).equals(bytes)).toBe(true);
    }
  }
});

it('decides about a live recording from its first twelve bytes', () => {
  expect(sniff(wav(tone(10)).subarray(0, 12), undefined, false)).toEqual({ kind: 'wav' });
  expect(sniff(wav(tone(10)).subarray(0, 11), undefined, false)).toBe('more');
});

it('never waits for more than 16 KiB', () => {
  for (const start of ['ff', '494433', '47', 'fffb90', '494433 0400 00 00007f7f', '3c', '00']) {
    for (const type of [undefined, 'audio/mpeg', 'text/html']) {
      expect(sniff(join(hex(start), new Uint8Array(16_384)), type, false)).not.toBe('more');
    }
  }
});

/*
 * A body that claims to be MP3 but is not used to be searched from its beginning with every piece: 16 KiB that arrived byte
 * by byte took a hundred million comparisons.
 */
it('does not search a body again for each byte that arrives', async () => {
  const looksAt = async (length: number) => {
    // How often a position is checked for the beginning of a frame.
    const looks = vi.spyOn(Uint8Array.prototype, 'subarray');
    try {
      await sniffBody(pieces(new Uint8Array(length).fill(0x80), 1), 'audio/mpeg');
      return looks.mock.calls.length;
    } finally {
      looks.mockRestore();
    }
  };
  expect((await looksAt(8192)) / (await looksAt(4096))).toBeLessThan(3);
});
