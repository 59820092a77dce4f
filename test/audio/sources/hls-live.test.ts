import { expect, it } from 'vitest';
import type { SourceChunk } from '../../../src/audio/source.ts';
import { openSource } from '../../../src/audio/sources/open.ts';
import { manualClock, type ManualClock } from '../../../src/runtime/clock.ts';
import { all, durationOf, failure, options, site, until, type Site } from './support.ts';

const TRANSPORT = new Uint8Array(1880).map((_byte, at) => (at % 188 === 0 ? 0x47 : 0xff));

function list(...lines: readonly string[]): string {
  return ['#EXTM3U', '#EXT-X-TARGETDURATION:3', ...lines].join('\n');
}

function ended(...lines: readonly string[]): string {
  return list(...lines, '#EXT-X-ENDLIST');
}

/** A live stream whose playlist the test writes, and its player. */
async function live(first: string) {
  const clock = manualClock();
  const heard: SourceChunk[] = [];
  const state = { text: first, reloadsAtMs: [] as number[] };
  const server = await site((request, response) => {
    if (request.url !== '/list.m3u8') return void response.end(TRANSPORT);
    state.reloadsAtMs.push(clock.now());
    response.end(state.text);
  });
  const stop = new AbortController();
  const source = openSource(`${server.origin}/list.m3u8`, options({ clock, signal: stop.signal }));
  const done = (async () => {
    for await (const chunk of source) heard.push(chunk);
  })();
  // Tests that expect a failure await it later.
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

/** Waits until nothing more can happen before time passes. */
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

it('a live playlist is followed from three segments before its end until it ends', async () => {
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

  // Nothing is new at the next request, one target duration later, so the one after follows half a target duration later.
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

  // It has moved beyond the segments that were read.
  state.text = ended('#EXT-X-MEDIA-SEQUENCE:20', '#EXTINF:1,', '20', '#EXTINF:1,', '21');
  await clock.advance(3000);
  await done;

  expect(segmentsAsked(server)).toEqual(['/12', '/13', '/14', '/15', '/16', '/20', '/21']);
  expect(durationOf(heard)).toBe(9000 + 4000 + 2000);
  expect(clock.pending).toBe(0);
});

it('a live playlist that is empty at first is also joined at three segments before its end', async () => {
  await using stream = await live(list());
  const { clock, state, server, done } = stream;
  await quiet(server, clock);
  state.text = ended('#EXT-X-MEDIA-SEQUENCE:5', ...['5', '6'].flatMap((name) => ['#EXTINF:3,', name]));
  await clock.advance(1500);
  await done;

  expect(segmentsAsked(server)).toEqual(['/5', '/6']);
});

it('a live playlist without anything new for 15 seconds is given up', async () => {
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
  expect((await error).message).toContain('has had nothing new');
  // The last new segment came at 6 s.
  expect(state.reloadsAtMs.at(-1)).toBe(21_000);
  expect(clock.pending).toBe(0);
});

it('a live playlist is requested again at its first address, not at the target of a redirect', async () => {
  const clock = manualClock();
  let text = list('#EXTINF:3,', 'a.ts');
  await using server = await site((request, response) => {
    if (request.url === '/start') response.writeHead(302, { location: '/dir/list.m3u8' }).end();
    else response.end(request.url === '/dir/list.m3u8' ? text : TRANSPORT);
  });
  const done = all(openSource(`${server.origin}/start`, options({ clock })));
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

it('a live playlist is left when the signal aborts between two requests', async () => {
  await using stream = await live(list('#EXTINF:3,', 'a'));
  const { clock, server, stop, done } = stream;
  await quiet(server, clock);
  stop.abort(new Error('enough'));

  await expect(done).rejects.toThrow('enough');
  expect(clock.pending).toBe(0);
});

it('a live playlist is left when its reader returns between two requests', async () => {
  await using stream = await live(list('#EXTINF:3,', 'a'));
  const { clock, server, source, done } = stream;
  await quiet(server, clock);

  expect(await source.return()).toEqual({ done: true, value: undefined });

  await done;
  expect(clock.pending).toBe(0);
});
