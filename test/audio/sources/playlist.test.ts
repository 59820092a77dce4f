import fc from 'fast-check';
import { afterEach, expect, it, vi } from 'vitest';
import { readPlaylist } from '../../../src/audio/sources/playlist.ts';
import { fixtureFile } from '../../support/audio.ts';

afterEach(() => void vi.restoreAllMocks());

/** A playlist from its lines. */
function playlist(...lines: readonly string[]) {
  return readPlaylist(['#EXTM3U', ...lines].join('\n'));
}

const SEGMENT = {
  sequence: 0,
  durationMs: 3000,
  range: undefined,
  encrypted: false,
  mapped: false,
  gap: false,
};

it('reads a media playlist', () => {
  const text = new TextDecoder().decode(fixtureFile('en-appointment-hls/media.m3u8'));
  expect(readPlaylist(text)).toEqual({
    kind: 'media',
    targetMs: 3000,
    complete: true,
    segments: [
      { ...SEGMENT, sequence: 0, uri: 'segment-0.mp3', durationMs: 3024 },
      { ...SEGMENT, sequence: 1, uri: 'segment-1.mp3', durationMs: 3024 },
      { ...SEGMENT, sequence: 2, uri: 'segment-2.mp3', durationMs: 1656 },
    ],
  });
});

it('reads a live playlist with CRLF, an unknown tag, a title of any alphabet and a segment still being written', () => {
  const lines = [
    '#EXT-X-TARGETDURATION:4',
    '#EXT-X-MEDIA-SEQUENCE:70',
    '#EXT-X-NEW:"x"',
    '#EXTINF:3,Überraschung € 1,2',
    'a.mp3?sig=%2B',
    '',
    '#EXTINF:3,',
  ];

  expect(readPlaylist(['#EXTM3U', ...lines].join('\r\n'))).toEqual({
    kind: 'media',
    targetMs: 4000,
    complete: false,
    segments: [{ ...SEGMENT, sequence: 70, uri: 'a.mp3?sig=%2B' }],
  });
});

it('reads ranges, keys, initialisation sections and gaps', () => {
  const read = playlist(
    '#EXT-X-TARGETDURATION:3',
    '#EXT-X-BYTERANGE:100@50',
    '#EXTINF:3,',
    'all.mp3',
    '#EXT-X-BYTERANGE:200',
    '#EXTINF:3,',
    'all.mp3',
    '#EXT-X-KEY:METHOD=AES-128,URI="key?sig=1"',
    '#EXTINF:3,',
    'b.mp3',
    '#EXTINF:3,',
    'c.mp3',
    '#EXT-X-KEY:METHOD=NONE',
    '#EXT-X-MAP:URI="init.mp4"',
    '#EXTINF:3,',
    'd.m4s',
    '#EXT-X-GAP',
    '#EXTINF:3,',
    'e.m4s',
  );

  expect(read).toMatchObject({
    segments: [
      { ...SEGMENT, uri: 'all.mp3', range: { offset: 50, length: 100 } },
      { ...SEGMENT, sequence: 1, uri: 'all.mp3', range: { offset: 150, length: 200 } },
      { ...SEGMENT, sequence: 2, uri: 'b.mp3', encrypted: true },
      { ...SEGMENT, sequence: 3, uri: 'c.mp3', encrypted: true },
      { ...SEGMENT, sequence: 4, uri: 'd.m4s', mapped: true },
      { ...SEGMENT, sequence: 5, uri: 'e.m4s', mapped: true, gap: true },
    ],
  });
});

it.each([
  [
    'the lowest bandwidth',
    [
      '#EXT-X-STREAM-INF:BANDWIDTH=900',
      'high',
      '#EXT-X-STREAM-INF:BANDWIDTH=90',
      'low',
      '#EXT-X-STREAM-INF:BANDWIDTH=500',
      'mid',
    ],
    'low',
  ],
  [
    'the first of equals',
    ['#EXT-X-STREAM-INF:BANDWIDTH=90', 'one', '#EXT-X-STREAM-INF:BANDWIDTH=90', 'two'],
    'one',
  ],
  [
    'a known bandwidth before an unknown',
    ['#EXT-X-STREAM-INF:CODECS="x"', 'unknown', '#EXT-X-STREAM-INF:BANDWIDTH=90', 'known'],
    'known',
  ],
  [
    'no picture-only variant',
    ['#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=9,URI="frames"', '#EXT-X-STREAM-INF:BANDWIDTH=90', 'one'],
    'one',
  ],
  [
    'the default audio rendition',
    [
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="g",NAME="a",URI="first"',
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="g",NAME="b",DEFAULT=YES,URI="second"',
      '#EXT-X-STREAM-INF:BANDWIDTH=90,AUDIO="g"',
      'video',
    ],
    'second',
  ],
  [
    'the first audio rendition',
    [
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="g",NAME="a",URI="first"',
      '#EXT-X-STREAM-INF:BANDWIDTH=90,AUDIO="g"',
      'video',
    ],
    'first',
  ],
  [
    'the variant whose audio is its own',
    [
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="g",NAME="a",DEFAULT=YES',
      '#EXT-X-STREAM-INF:BANDWIDTH=90,AUDIO="g"',
      'video',
    ],
    'video',
  ],
  ['nothing if there is nothing', ['#EXT-X-STREAM-INF:BANDWIDTH=90'], undefined],
] as const)('chooses %s of a master playlist', (_what, lines, uri) => {
  expect(playlist(...lines)).toEqual({ kind: 'master', uri });
});

it('treats an extended M3U without a target duration as a list that does not change', () => {
  expect(playlist('#EXTINF:-1,Radio', 'http://example.com/live.mp3')).toEqual({
    kind: 'media',
    targetMs: 500,
    complete: true,
    segments: [{ ...SEGMENT, uri: 'http://example.com/live.mp3', durationMs: 0 }],
  });
});

it.each([
  ['1e300', 60_000],
  ['0', 500],
  ['-5', 500],
  ['x', 500],
])('keeps the target duration %s within reason', (target, targetMs) => {
  expect(playlist(`#EXT-X-TARGETDURATION:${target}`, '#EXTINF:3,', 'a')).toMatchObject({ targetMs });
});

it.each([
  ['a line without a tag', ['a.mp3'], 'not a valid playlist'],
  [
    'a media sequence that is no number',
    ['#EXT-X-MEDIA-SEQUENCE:1e400', '#EXTINF:3,', 'a'],
    'media sequence',
  ],
  ['a range without a beginning', ['#EXT-X-BYTERANGE:10', '#EXTINF:3,', 'a'], 'byte range'],
  ['an empty range', ['#EXT-X-BYTERANGE:0@0', '#EXTINF:3,', 'a'], 'byte range'],
  [
    'very many variants',
    Array.from({ length: 501 }, () => '#EXT-X-STREAM-INF:BANDWIDTH=1\na'),
    'more than 500 variants',
  ],
])('gives the reason why it cannot read %s', (_what, lines, reason) => {
  expect(playlist(...lines)).toContain(reason);
});

it('never throws, prints or quotes anything, whatever the text', () => {
  const printed = [vi.spyOn(console, 'error'), vi.spyOn(console, 'log'), vi.spyOn(console, 'warn')];
  const value = fc.constantFrom(
    '',
    '1',
    '-1',
    'x',
    '"',
    '@',
    'URI="s3cret"',
    'METHOD=AES-128,URI="s3cret"',
    '1@2',
    'é',
    '0x',
    'IV=0x1',
    'TYPE=AUDIO',
    'BANDWIDTH=1,AUDIO="g"',
  );
  const tag = fc.constantFrom(
    'EXTINF',
    'EXT-X-KEY',
    'EXT-X-MAP',
    'EXT-X-BYTERANGE',
    'EXT-X-STREAM-INF',
    'EXT-X-MEDIA',
    'EXT-X-TARGETDURATION',
    'EXT-X-MEDIA-SEQUENCE',
    'EXT-X-ENDLIST',
    'EXT-X-DATERANGE',
    'EXT-X-GAP',
    'EXT-X-PART',
  );
  const line = fc.oneof(
    fc.tuple(tag, value).map(([name, text]) => `#${name}:${text}`),
    fc.constantFrom('s3cret.mp3?sig=s3cret', '#', '##', '#EXTM3U', '#EXT-X-KEY'),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
      const read = playlist(...lines);
      if (typeof read === 'string') expect(read).not.toContain('s3cret');
      else if (read.kind === 'media') {
        for (const segment of read.segments) {
          expect(segment.durationMs).toBeGreaterThanOrEqual(0);
          expect(segment.durationMs).toBeLessThanOrEqual(3_600_000);
          expect(Number.isSafeInteger(segment.sequence)).toBe(true);
        }
      }
    }),
    { numRuns: 500 },
  );

  expect(printed.flatMap(({ mock }) => mock.calls)).toEqual([]);
});

it('reads a playlist of a megabyte quickly, whatever its content', () => {
  for (const line of [
    '#EXTINF:1,\na',
    '#EXT-X-DATERANGE:ID="1",CLASS="c",START-DATE="2030-01-01"',
    '#EXT-X-KEY:METHOD=NONE',
    '#EXT-X-SESSION-DATA:DATA-ID="a"',
    'x',
    '',
  ]) {
    const text = `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n${`${line}\n`.repeat(1_048_576 / (line.length + 1))}`;
    const startedAt = process.cpuUsage();
    readPlaylist(text);
    const { user, system } = process.cpuUsage(startedAt);
    expect((user + system) / 1000).toBeLessThan(5000);
  }
});
