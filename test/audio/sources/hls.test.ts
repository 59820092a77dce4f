import type { ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import type { SourceChunk } from '../../../src/audio/source.ts';
import { createMp3Decoder, decodeMp3 } from '../../../src/audio/sources/mp3.ts';
import { openSource } from '../../../src/audio/sources/open.ts';
import { manualClock, type ManualClock } from '../../../src/runtime/clock.ts';
import { fixtureFile, join } from '../../support/audio.ts';
import {
  all,
  durationOf,
  failure,
  files,
  options,
  pcmOf,
  pieces,
  same,
  site,
  until,
  type Site,
} from './support.ts';

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

it('resolves everything against where a playlist was found after redirects', async () => {
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

it('takes byte ranges of one file', async () => {
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
])('gives %s the duration of the playlist', async (_what, bytes, tags) => {
  await using server = await files({
    '/list.m3u8': ended(tags, 'a', '#EXTINF:1,', 'b'),
    '/a': bytes,
    '/b': bytes,
  });
  const chunks = await play(`${server.origin}/list.m3u8`);
  expect(chunks[0]).toEqual({ kind: 'undecoded', durationMs: 2500 });
  expect(server.asked).toEqual(['/list.m3u8', '/a', '/b']);
});

it('reads no more of a segment that is not decoded than it takes to see that', async () => {
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

it('does not ask for a segment that is a gap', async () => {
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
  ['a playlist without segments', ended(), 'unsupported', 'holds no audio'],
  ['a playlist that is none', '#EXTM3U\na.mp3\n', 'invalid', 'cannot be read'],
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
    'where a media playlist has to be',
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

/** A live stream whose playlist the test writes, and who plays it. */
async function live(first: string) {
  const clock = manualClock();
  const heard: SourceChunk[] = [];
  const state = { text: first, reloadsAtMs: [] as number[] };
  const server = await site((request, response: ServerResponse) => {
    if (request.url !== '/list.m3u8') return void response.end(TRANSPORT);
    state.reloadsAtMs.push(clock.now());
    response.end(state.text);
  });
  const stop = new AbortController();
  const source = openSource(`${server.origin}/list.m3u8`, options({ clock, signal: stop.signal }));
  const done = (async () => {
    for await (const chunk of source) heard.push(chunk);
  })();
  // Whoever expects it to fail looks later.
  done.catch(() => undefined);
  return {
    clock,
    heard,
    state,
    server,
    stop,
    source,
    done,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** Waits until nothing is left to happen but for time to pass. */
async function quiet(server: Site, clock: ManualClock): Promise<void> {
  let turns = 0;
  await until(() => {
    turns = server.open.size === 0 && clock.pending === 1 ? turns + 1 : 0;
    return turns > 20;
  });
}

function segmentsAsked({ asked }: Site): string[] {
  return asked.filter((url) => url !== '/list.m3u8');
}

it('follows a live playlist from three segments before its end until it has one', async () => {
  await using stream = await live(
    list(
      '#EXT-X-MEDIA-SEQUENCE:10',
      ...['10', '11', '12', '13', '14'].flatMap((name) => ['#EXTINF:3,', name]),
    ),
  );
  const { clock, heard, state, server, done } = stream;
  await quiet(server, clock);
  expect(segmentsAsked(server)).toEqual(['/12', '/13', '/14']);
  expect(durationOf(heard)).toBe(9000);

  // Nothing new at the next look, a target duration later: the one after comes half a target duration later.
  await clock.advance(2999);
  expect(state.reloadsAtMs).toEqual([0]);
  await clock.advance(1);
  await quiet(server, clock);
  expect(state.reloadsAtMs).toEqual([0, 3000]);
  state.text = list(
    '#EXT-X-MEDIA-SEQUENCE:12',
    ...['12', '13', '14', '15', '16'].flatMap((name) => ['#EXTINF:2,', name]),
  );
  await clock.advance(1499);
  expect(state.reloadsAtMs).toHaveLength(2);
  await clock.advance(1);
  await quiet(server, clock);
  expect(state.reloadsAtMs).toEqual([0, 3000, 4500]);
  expect(segmentsAsked(server)).toEqual(['/12', '/13', '/14', '/15', '/16']);

  // It has moved on further than was looked at.
  state.text = ended('#EXT-X-MEDIA-SEQUENCE:20', '#EXTINF:1,', '20', '#EXTINF:1,', '21');
  await clock.advance(3000);
  await done;
  expect(segmentsAsked(server)).toEqual(['/12', '/13', '/14', '/15', '/16', '/20', '/21']);
  expect(durationOf(heard)).toBe(9000 + 4000 + 2000);
  expect(clock.pending).toBe(0);
});

it('joins a live playlist that is still empty at its first three segments before the end', async () => {
  await using stream = await live(list());
  const { clock, state, server, done } = stream;
  await quiet(server, clock);
  state.text = ended('#EXT-X-MEDIA-SEQUENCE:5', ...['5', '6'].flatMap((name) => ['#EXTINF:3,', name]));
  await clock.advance(1500);
  await done;
  expect(segmentsAsked(server)).toEqual(['/5', '/6']);
});

it('gives up on a live playlist that has brought nothing new for 15 seconds', async () => {
  await using stream = await live(list('#EXTINF:3,', 'a'));
  const { clock, state, server, done } = stream;
  const error = failure(done);
  await quiet(server, clock);
  await clock.advance(3000);
  await quiet(server, clock);
  await clock.advance(1500);
  await quiet(server, clock);
  state.text = list('#EXTINF:3,', 'a', '#EXTINF:3,', 'b');
  await clock.advance(1500);
  await quiet(server, clock);
  await clock.advance(3000);
  for (let looks = 0; looks < 8; looks += 1) {
    await quiet(server, clock);
    await clock.advance(1500);
  }
  expect((await error).problem).toBe('invalid');
  expect((await error).message).toContain('brought nothing new');
  // The last news came at 6 s.
  expect(state.reloadsAtMs.at(-1)).toBe(21_000);
  expect(clock.pending).toBe(0);
});

it('asks for a live playlist where it was first asked for, not where a redirect led', async () => {
  const clock = manualClock();
  let text = list('#EXTINF:3,', 'a.ts');
  await using server = await site((request, response) => {
    if (request.url === '/start') response.writeHead(302, { location: '/dir/list.m3u8' }).end();
    else response.end(request.url === '/dir/list.m3u8' ? text : TRANSPORT);
  });
  const done = play(`${server.origin}/start`, clock);
  await quiet(server, clock);
  text = ended('#EXTINF:3,', 'a.ts', '#EXTINF:3,', 'b.ts');
  await clock.advance(3000);
  await done;
  expect(server.asked).toEqual([
    '/start',
    '/dir/list.m3u8',
    '/dir/a.ts',
    '/start',
    '/dir/list.m3u8',
    '/dir/b.ts',
  ]);
});

it('stops when the signal aborts between two looks at a live playlist', async () => {
  await using stream = await live(list('#EXTINF:3,', 'a'));
  const { clock, server, stop, done } = stream;
  await quiet(server, clock);
  stop.abort(new Error('enough'));
  await expect(done).rejects.toThrow('enough');
  expect(clock.pending).toBe(0);
});

it('stops when it is returned from between two looks at a live playlist', async () => {
  await using stream = await live(list('#EXTINF:3,', 'a'));
  const { clock, server, source, done } = stream;
  await quiet(server, clock);
  expect(await source.return()).toEqual({ done: true, value: undefined });
  await done;
  expect(clock.pending).toBe(0);
});
