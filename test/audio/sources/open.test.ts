import type * as Library from 'mpg123-decoder';
import { beforeEach, expect, it, vi } from 'vitest';
import { openSource } from '../../../src/audio/sources/open.ts';
import { manualClock } from '../../../src/runtime/clock.ts';
import { fixture, fixtureFile, silence, tone, wav } from '../../support/audio.ts';
import { all, durationOf, failure, files, options, pcmOf, same, site, until } from './support.ts';

/** Counts the decoders that were created and freed. */
const decoders = vi.hoisted(() => ({ made: 0, freed: 0 }));

vi.mock('mpg123-decoder', async (original) => {
  const { MPEGDecoder } = await original<typeof Library>();
  class Counted extends MPEGDecoder {
    constructor(options?: { enableGapless?: boolean }) {
      super(options);
      const { free } = this;
      decoders.made += 1;
      this.free = () => {
        decoders.freed += 1;
        free();
      };
    }
  }
  return { MPEGDecoder: Counted };
});

beforeEach(() => void Object.assign(decoders, { made: 0, freed: 0 }));

it('plays an MP3', async () => {
  await using server = await files({ '/a': fixtureFile('en-appointment.mp3') });
  const clock = manualClock();
  const chunks = await all(openSource(`${server.origin}/a`, options({ clock })));

  expect(durationOf(chunks)).toBeGreaterThan(7600);
  expect(chunks.every(({ kind, durationMs }) => kind === 'pcm' && durationMs <= 100)).toBe(true);
  expect(decoders).toEqual({ made: 1, freed: 1 });
  expect(clock.pending).toBe(0);

  await until(() => server.open.size === 0);
});

it('plays a WAV', async () => {
  const { file, pcm } = fixture('en-appointment.wav');
  await using server = await files({ '/a.mp3': file });
  const chunks = await all(openSource(`${server.origin}/a.mp3?name=a.mp3`, options()));

  expect(same(pcmOf(chunks), pcm)).toBe(true);
});

it('plays an Azure Blob URL with its signature and credentials on the way', async () => {
  await using blobs = await site((request, response) => {
    const right = request.url === '/c/a.mp3?sv=1&sig=a%2Bb%2F%3D';
    response.writeHead(right ? 200 : 403, { 'content-type': 'audio/mpeg' });
    response.end(right ? fixtureFile('en-appointment.mp3') : '<?xml version="1.0"?><Error/>');
  });
  await using front = await files({
    '/': (response) =>
      response.writeHead(302, { location: `${blobs.origin}/c/a.mp3?sv=1&sig=a%2Bb%2F%3D` }).end(),
  });

  expect(durationOf(await all(openSource(front.origin, options())))).toBeGreaterThan(7600);
});

it('sends nothing before the first chunk is requested, or if none is', async () => {
  await using server = await files({ '/a': wav(tone(10)) });
  const source = openSource(`${server.origin}/a`, options());

  expect(await source.return()).toEqual({ done: true, value: undefined });
  expect(await source.next()).toEqual({ done: true, value: undefined });
  expect(server.asked).toEqual([]);
});

it.each([
  ['an HTML page', '<!DOCTYPE html><title>sorry</title>'],
  ['text', 'sorry, no such stream'],
  ['JSON', '{"error":"no such stream"}'],
  ['an XML document', '<?xml version="1.0"?><Error><Code>BlobNotFound</Code></Error>'],
  ['empty', ''],
  ['OGG', Buffer.concat([Buffer.from('OggS'), Buffer.alloc(100)])],
  ['MP4', Buffer.concat([Buffer.from('\0\0\0\x20ftypM4A '), Buffer.alloc(100)])],
])('reports %s as an unsupported format', async (name, body) => {
  await using server = await files({ '/a.mp3': body });
  const error = await failure(all(openSource(`${server.origin}/a.mp3`, options())));

  expect(error.problem).toBe('unsupported');
  expect(error.message).toBe(`Unsupported format: ${server.origin}/a.mp3 is ${name}`);
});

it.each([
  ['a WAV that is cut in its header', wav(tone(10)).subarray(0, 30), 'ends within its header'],
  ['a WAV without samples', wav(new Uint8Array(0)), 'contains no audio'],
  ['an MP3 that is only a tag', Buffer.from('4944330400000000000061626364', 'hex'), 'no MPEG frames'],
])('reports %s as an unsupported format', async (_what, body, text) => {
  await using server = await files({ '/a': body });
  const error = await failure(all(openSource(`${server.origin}/a`, options())));

  expect(error.problem).toBe('unsupported');
  expect(error.message).toContain(text);
  expect(decoders.freed).toBe(decoders.made);
});

it.each(['', 'sorry', 'ftp://127.0.0.1/a'])('reports "%s" as an invalid stream', async (url) => {
  expect((await failure(all(openSource(url, options())))).problem).toBe('invalid');
});

it('stops a stream at the limit of a body', async () => {
  await using server = await files({
    '/a': (response) => {
      const more = () => {
        while (response.writable && response.write(silence(1000)));
      };
      response.on('drain', more);
      response.write(wav(new Uint8Array(0)));
      more();
    },
  });
  const error = await failure(
    all(openSource(`${server.origin}/a`, options({ limits: { bodyBytes: 500_000 } }))),
  );

  expect(error.problem).toBe('invalid');
  expect(error.message).toContain('longer than 500000 bytes');

  await until(() => server.open.size === 0);
});

it('reads no more from the server than is played', async () => {
  let sent = 0;
  await using server = await site((_request, response) => {
    const more = () => {
      while (sent < 200_000_000 && response.write(Buffer.alloc(100_000))) sent += 100_000;
    };
    response.on('drain', more);
    response.write(wav(new Uint8Array(0)));
    more();
  });
  const source = openSource(`${server.origin}/`, options());
  await source.next();
  // The buffers of the kernel fill up, and nothing moves.
  let before = -1;
  for (let turns = 0; before !== sent || turns < 200; turns += 1) {
    before = sent;
    await new Promise((resolve) => setImmediate(resolve));
  }

  expect(sent).toBeLessThan(50_000_000);

  await source.return();
});

it.each(['mp3', 'wav'])(
  'ends the connection and frees the decoder when a %s is abandoned in the middle',
  async (kind) => {
    const clock = manualClock();
    await using server = await site((_request, response) => {
      response.write(fixtureFile(`en-appointment.${kind}`));
    });
    for await (const chunk of openSource(server.origin, options({ clock }))) {
      expect(chunk.kind).toBe('pcm');
      break;
    }
    await until(() => server.open.size === 0);

    expect(clock.pending).toBe(0);
    expect(decoders.freed).toBe(decoders.made);
  },
);

it.each(['mp3', 'wav'])('ends everything when a %s is abandoned while a chunk is awaited', async (kind) => {
  const clock = manualClock();
  await using server = await site((_request, response) => {
    // Not the whole file, because a WAV ends at the length in its header.
    response.write(fixtureFile(`en-appointment.${kind}`).subarray(0, -2));
  });
  const source = openSource(server.origin, options({ clock }));
  let heard = 0;
  const last = (async () => {
    while ((await source.next()).done !== true) heard += 1;
    return 'the end';
  })();
  let waited = 0;
  await until(() => {
    // Everything that has arrived is played, and the next byte is awaited.
    waited = heard > 70 && clock.pending === 1 ? waited + 1 : 0;
    return waited > 20;
  });

  expect(await source.return()).toEqual({ done: true, value: undefined });
  expect(await last).toBe('the end');

  await until(() => server.open.size === 0);
  expect(clock.pending).toBe(0);
  expect(decoders.freed).toBe(decoders.made);
});

it('frees the single decoder of all segments when a playlist ends, fails or is abandoned', async () => {
  const lines = ['#EXTM3U', '#EXT-X-TARGETDURATION:3', '#EXTINF:3,', 'a', '#EXTINF:3,', 'a'];
  await using server = await files({
    '/ends': [...lines, '#EXT-X-ENDLIST'].join('\n'),
    '/fails': [...lines, '#EXTINF:3,', 'none', '#EXT-X-ENDLIST'].join('\n'),
    '/a': fixtureFile('en-appointment-hls/segment-0.mp3'),
  });
  await all(openSource(`${server.origin}/ends`, options()));

  expect(decoders).toEqual({ made: 1, freed: 1 });

  await failure(all(openSource(`${server.origin}/fails`, options())));
  expect(decoders).toEqual({ made: 2, freed: 2 });

  const left = openSource(`${server.origin}/ends`, options());
  await left.next();
  expect(decoders).toEqual({ made: 3, freed: 2 });

  await left.return();
  expect(decoders).toEqual({ made: 3, freed: 3 });
});

it('ends everything when the signal aborts in the middle of an MP3', async () => {
  const clock = manualClock();
  const stop = new AbortController();
  await using server = await site((_request, response) => {
    response.write(fixtureFile('en-appointment.mp3'));
  });
  const source = openSource(server.origin, options({ clock, signal: stop.signal }));
  await source.next();
  stop.abort(new Error('enough'));

  await expect(all(source)).rejects.toThrow('enough');
  expect(await source.next()).toEqual({ done: true, value: undefined });

  await until(() => server.open.size === 0);
  expect(clock.pending).toBe(0);
  expect(decoders).toEqual({ made: 1, freed: 1 });
});

it('ends everything when a stream stalls', async () => {
  const clock = manualClock();
  await using server = await site((_request, response) => {
    response.write(fixtureFile('en-appointment.mp3'));
  });
  const error = failure(all(openSource(server.origin, options({ clock }))));
  let waited = 0;
  await until(() => {
    waited = server.asked.length === 1 && clock.pending === 1 ? waited + 1 : 0;
    return waited > 200;
  });
  await clock.advance(15_000);

  expect((await error).problem).toBe('timeout');
  expect((await error).message).toMatch(/^Connection timeout: .*stopped sending$/);

  await until(() => server.open.size === 0);
  expect(clock.pending).toBe(0);
  expect(decoders).toEqual({ made: 1, freed: 1 });
});

// Only playlists that were loaded again had a limit; the first one could trickle for days.
it('gives the first playlist 15 seconds from its beginning to its end', async () => {
  const clock = manualClock();
  let send: () => void = () => undefined;
  await using server = await site((_request, response) => {
    send = () => void response.write(`#EXTM3U\n${'# more\n'.repeat(1000)}`);
    send();
  });
  const error = failure(all(openSource(server.origin, options({ clock }))));
  const settled = async () => {
    let waited = 0;
    await until(() => {
      waited = server.asked.length === 1 && clock.pending === 1 ? waited + 1 : 0;
      return waited > 200;
    });
  };
  await settled();
  await clock.advance(14_000);
  send();
  await settled();

  expect(server.open.size).toBe(1);

  await clock.advance(1000);
  expect((await error).problem).toBe('timeout');
  expect((await error).message).toMatch(/took too long to send all of it$/);

  await until(() => server.open.size === 0);
  expect(clock.pending).toBe(0);
});

it('throws the reason of a signal that has already aborted', async () => {
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(openSource('http://127.0.0.1:1/', options({ signal })).next()).rejects.toThrow('enough');
});

it('leaves no listener on the signal', async () => {
  const { signal } = new AbortController();
  const added = vi.spyOn(signal, 'addEventListener');
  const removed = vi.spyOn(signal, 'removeEventListener');
  await using server = await files({ '/a': wav(tone(10)), '/b': 'text' });
  await all(openSource(`${server.origin}/a`, options({ signal })));
  await failure(all(openSource(`${server.origin}/b`, options({ signal }))));

  expect(added.mock.calls.length).toBeGreaterThan(0);
  expect(removed.mock.calls.map(([, listener]) => listener)).toEqual(
    added.mock.calls.map(([, listener]) => listener),
  );
});
