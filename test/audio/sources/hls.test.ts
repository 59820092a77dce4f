import { expect, it } from 'vitest';
import type { SourceChunk } from '../../../src/audio/source.ts';
import { createMp3Decoder, decodeMp3 } from '../../../src/audio/sources/mp3.ts';
import { MOST_EMPTY_SEGMENTS, readText } from '../../../src/audio/sources/hls.ts';
import { openSource } from '../../../src/audio/sources/open.ts';
import { manualClock, type ManualClock } from '../../../src/runtime/clock.ts';
import { fixtureFile, join } from '../../support/audio.ts';
import { all, durationOf, failure, files, options, pcmOf, pieces, same, site, until } from './support.ts';

const SEGMENTS = [0, 1, 2].map((i) => fixtureFile(`en-appointment-hls/segment-${i}.mp3`));
const [SEGMENT = new Uint8Array(0)] = SEGMENTS;
const MASTER = fixtureFile('en-appointment-hls/master.m3u8');
const MEDIA = fixtureFile('en-appointment-hls/media.m3u8');
const ADTS = join(SEGMENT.subarray(0, 73), Buffer.from('fff15080', 'hex'), new Uint8Array(1000));
const TRANSPORT = new Uint8Array(1880).map((_byte, at) => (at % 188 === 0 ? 0x47 : 0xff));

function list(...lines: readonly string[]): string {
  return ['#EXTM3U', '#EXT-X-TARGETDURATION:3', ...lines].join('\n');
}

function ended(...lines: readonly string[]): string {
  return list(...lines, '#EXT-X-ENDLIST');
}

function play(url: string, clock: ManualClock = manualClock()): Promise<SourceChunk[]> {
  return all(openSource(url, options({ clock })));
}

async function decoded(mp3: Uint8Array): Promise<Uint8Array> {
  const decoder = await createMp3Decoder();
  const chunks = await all(decodeMp3(pieces(mp3, 1000), decoder, ''));
  decoder.free();
  return pcmOf(chunks);
}

it('plays the segments of a master playlist as one recording', async () => {
  await using server = await files({
    '/live/master.m3u8': MASTER,
    '/live/media.m3u8': MEDIA,
    ...Object.fromEntries(SEGMENTS.map((bytes, i) => [`/live/segment-${i}.mp3`, bytes])),
  });
  const chunks = await play(`${server.origin}/live/master.m3u8`);

  expect(server.asked).toEqual(
    ['master.m3u8', 'media.m3u8', 'segment-0.mp3', 'segment-1.mp3', 'segment-2.mp3'].map(
      (name) => `/live/${name}`,
    ),
  );
  expect(durationOf(chunks)).toBeGreaterThan(7600);
  expect(durationOf(chunks)).toBeLessThan(7800);
  expect(same(pcmOf(chunks), await decoded(join(...SEGMENTS)))).toBe(true);
});

it('resolves everything against the address of the playlist after redirects', async () => {
  await using server = await files({
    '/start': (response) => response.writeHead(302, { location: '/cdn/one/master.m3u8?sig=%2F' }).end(),
    '/cdn/one/master.m3u8': '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n../two/media.m3u8?sig=a%2Bb',
    '/cdn/two/media.m3u8': (response) => response.writeHead(307, { location: '/edge/media.m3u8' }).end(),
    '/edge/media.m3u8': ended('#EXTINF:3,', 'x/a.mp3?sig=%3D', '#EXTINF:3,', '/b.mp3'),
    '/edge/x/a.mp3': SEGMENT,
    '/b.mp3': SEGMENT,
  });
  await play(`${server.origin}/start`);

  expect(server.asked).toEqual([
    '/start',
    '/cdn/one/master.m3u8?sig=%2F',
    '/cdn/two/media.m3u8?sig=a%2Bb',
    '/edge/media.m3u8',
    '/edge/x/a.mp3?sig=%3D',
    '/b.mp3',
  ]);
});

it('reads byte ranges of one file', async () => {
  const file = join(new Uint8Array(500), ...SEGMENTS);
  const [first = 0, second = 0] = SEGMENTS.map(({ length }) => length);
  await using server = await site((request, response) => {
    const [, from = '0', to = '0'] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    if (request.url === '/all.mp3') response.writeHead(206).end(file.subarray(Number(from), Number(to) + 1));
    else
      response.end(
        ended(
          `#EXT-X-BYTERANGE:${first}@500`,
          '#EXTINF:3,',
          'all.mp3',
          `#EXT-X-BYTERANGE:${second}`,
          '#EXTINF:3,',
          'all.mp3',
        ),
      );
  });
  const chunks = await play(`${server.origin}/list.m3u8`);

  expect(same(pcmOf(chunks), await decoded(join(...SEGMENTS.slice(0, 2))))).toBe(true);
});

it.each([
  ['an MPEG transport stream', TRANSPORT, '#EXTINF:2.5,'],
  ['AAC behind an ID3 tag', ADTS, '#EXTINF:2.5,'],
  [
    'fragmented MP4',
    Buffer.from('000000186d6f6f66000000106d66686400000000', 'hex'),
    '#EXT-X-MAP:URI="init.mp4"\n#EXTINF:2.5,',
  ],
  ['MP3 wrapped in fragmented MP4', SEGMENT, '#EXT-X-MAP:URI="init.mp4"\n#EXTINF:2.5,'],
])('takes the duration of %s from the playlist', async (_what, bytes, tags) => {
  await using server = await files({
    '/list.m3u8': ended(tags, 'a', '#EXTINF:1,', 'b'),
    '/a': bytes,
    '/b': bytes,
  });
  const chunks = await play(`${server.origin}/list.m3u8`);

  expect(chunks[0]).toEqual({ kind: 'undecoded', durationMs: 2500 });
  expect(server.asked).toEqual(['/list.m3u8', '/a', '/b']);
});

it('reads only the beginning of a segment that is not decoded', async () => {
  await using server = await files({
    '/list.m3u8': ended('#EXTINF:6,', 'endless.ts'),
    '/endless.ts': (response) => {
      const more = () => {
        while (response.writable && response.write(TRANSPORT));
      };
      response.on('drain', more);
      more();
    },
  });
  expect(await play(`${server.origin}/list.m3u8`)).toEqual([{ kind: 'undecoded', durationMs: 6000 }]);

  await until(() => server.open.size === 0);
});

it('does not request a segment that is a gap', async () => {
  await using server = await files({
    '/list.m3u8': ended('#EXT-X-GAP', '#EXTINF:3,', 'gap.mp3', '#EXTINF:3,', 'a.ts'),
    '/a.ts': TRANSPORT,
  });

  expect(durationOf(await play(`${server.origin}/list.m3u8`))).toBe(6000);
  expect(server.asked).toEqual(['/list.m3u8', '/a.ts']);
});

it.each([
  ['a segment that is missing', ended('#EXTINF:3,', 'none.mp3'), 'invalid', 'none.mp3 answers 404'],
  [
    'an encrypted segment',
    ended('#EXT-X-KEY:METHOD=AES-128,URI="key"', '#EXTINF:3,', 'a.mp3'),
    'unsupported',
    'encrypted',
  ],
  ['a segment that is a web page', ended('#EXTINF:3,', 'page'), 'unsupported', 'an HTML page'],
  ['a segment that is empty', ended('#EXTINF:3,', 'empty'), 'unsupported', 'empty'],
  ['a segment that is a playlist', ended('#EXTINF:3,', 'list.m3u8'), 'unsupported', 'is a playlist'],
  [
    'a segment that is not allowed',
    ended('#EXTINF:3,', 'http://169.254.169.254/a.mp3'),
    'invalid',
    '--allow-url 169.254.169.254',
  ],
  ['a segment of another scheme', ended('#EXTINF:3,', 'file:///etc/passwd'), 'invalid', 'but file:'],
  ['a playlist without segments', ended(), 'unsupported', 'contains no audio'],
  ['an invalid playlist', '#EXTM3U\na.mp3\n', 'invalid', 'cannot be read'],
  [
    'a master playlist without streams',
    '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n',
    'unsupported',
    'names no stream',
  ],
  [
    'a master playlist of itself',
    '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlist.m3u8',
    'invalid',
    'where a media playlist is expected',
  ],
  [
    'a rendition that is no playlist',
    '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\npage',
    'unsupported',
    'is not a playlist',
  ],
  [
    'a rendition that needs a password',
    '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlocked',
    'authentication',
    'locked answers 401',
  ],
] as const)('refuses %s', async (_what, text, problem, message) => {
  await using server = await files({
    '/list.m3u8': text,
    '/a.mp3': SEGMENT,
    '/page': '<!DOCTYPE html><title>x</title>',
    '/empty': '',
    '/locked': (response) => response.writeHead(401).end(),
  });
  const error = await failure(play(`${server.origin}/list.m3u8`));

  expect(error.problem).toBe(problem);
  expect(error.message).toContain(message);
  expect(server.asked).not.toContain('/key');
});

it('refuses a playlist that is too long', async () => {
  await using server = await files({ '/list.m3u8': `#EXTM3U\n${'\n'.repeat(2000)}` });
  const source = openSource(`${server.origin}/list.m3u8`, options({ limits: { playlistBytes: 1000 } }));
  const error = await failure(all(source));

  expect(error.problem).toBe('invalid');
  expect(error.message).toContain('longer than 1000 bytes');
});

// Segments without a duration are requested without a pause, and a playlist of a megabyte can have 80,000 of them.
it('ends when many segments in a row contain no audio', async () => {
  const empty = (count: number) => Array.from({ length: count }, () => ['#EXTINF:0,', 'empty.ts']).flat();
  await using server = await files({
    '/bad.m3u8': ended(...empty(MOST_EMPTY_SEGMENTS + 100)),
    '/good.m3u8': ended(
      ...empty(MOST_EMPTY_SEGMENTS),
      '#EXTINF:3,',
      'empty.ts',
      ...empty(MOST_EMPTY_SEGMENTS),
    ),
    '/empty.ts': TRANSPORT,
  });
  const error = await failure(play(`${server.origin}/bad.m3u8`));

  expect(error.problem).toBe('invalid');
  expect(error.message).toContain(`${MOST_EMPTY_SEGMENTS} segments in a row`);
  expect(server.asked.filter((path) => path === '/empty.ts')).toHaveLength(MOST_EMPTY_SEGMENTS + 1);
  expect(durationOf(await play(`${server.origin}/good.m3u8`))).toBe(3000);
});

it('reads a playlist that arrives byte by byte, even within a character', async () => {
  const text = '#EXTM3U\n# géén\n';
  expect(await readText(pieces(Buffer.from(text), 1), 100, '')).toBe(text);
});
