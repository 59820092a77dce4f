import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openSource } from '../../../src/audio/sources/open.ts';
import { fetchStream } from '../../../src/audio/sources/fetch.ts';
import { readTarget } from '../../../src/audio/sources/target.ts';
import { realClock } from '../../../src/runtime/clock.ts';
import { fixture, fixtureFile } from '../../support/audio.ts';
import {
  all,
  context,
  durationOf,
  failure,
  options,
  pcmOf,
  same,
  site,
  until,
  type Site,
} from './support.ts';

const { file: WAVE, pcm } = fixture('en-appointment.wav');
const PLAYLIST = '#EXTM3U\n#EXT-X-TARGETDURATION:8\n#EXTINF:7.7,\na.wav\n#EXT-X-ENDLIST\n';

/** A site that sends these files compressed, in two pieces. */
function compressed(coding: string, files: Readonly<Record<string, Uint8Array>>): Promise<Site> {
  return site((request, response) => {
    const bytes = files[request.url ?? ''];
    if (bytes === undefined) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-encoding': coding, 'content-type': 'application/octet-stream' });
    response.write(bytes.subarray(0, 1));
    response.end(bytes.subarray(1));
  });
}

const CODINGS = [
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['deflate', deflateRawSync],
  ['br', brotliCompressSync],
  ['gzip, br', (bytes: Uint8Array) => brotliCompressSync(gzipSync(bytes))],
] as const;

// Behind a gateway that compresses everything, an MP3 used to be noise, and a playlist was not recognised.
describe('a stream that is compressed although that was not requested', () => {
  it.each(CODINGS)('is decompressed and played: %s', async (coding, compress) => {
    const sources = { '/a.wav': compress(WAVE), '/media.m3u8': compress(Buffer.from(PLAYLIST)) };
    await using server = await compressed(coding, sources);
    for (const path of ['/a.wav', '/media.m3u8']) {
      const chunks = await all(openSource(`${server.origin}${path}`, options({ clock: realClock() })));
      expect(same(pcmOf(chunks), pcm)).toBe(true);
    }
    await until(() => server.open.size === 0);
  });

  it('may also be an MP3', async () => {
    const bytes = gzipSync(fixtureFile('en-appointment.mp3'));
    await using server = await compressed('gzip', { '/a': bytes });
    expect(durationOf(await all(openSource(`${server.origin}/a`, options())))).toBeGreaterThan(7600);
  });

  it('may be left in the middle', async () => {
    await using server = await compressed('gzip', { '/a': gzipSync(WAVE) });
    const source = openSource(`${server.origin}/a`, options({ clock: realClock() }));
    await source.next();
    await source.return();
    await until(() => server.open.size === 0);
  });

  it.each(['gzip', 'deflate', 'br'])('is invalid if it is not really %s', async (coding) => {
    await using server = await compressed(coding, { '/a': Buffer.from('this is no such thing') });
    const error = await failure(all(openSource(`${server.origin}/a`, options())));

    expect(error.problem).toBe('invalid');
    expect(error.message).toBe(
      `Invalid stream: ${server.origin}/a is not ${coding}, as its Content-Encoding says`,
    );
  });

  it('is invalid if it ends too early', async () => {
    await using server = await compressed('gzip', { '/a': gzipSync(WAVE).subarray(0, 50_000) });
    const error = await failure(all(openSource(`${server.origin}/a`, options())));
    expect(error.message).toContain('is not gzip');
  });

  it('has the same limit for its decompressed size, however small it was', async () => {
    await using server = await compressed('gzip', { '/a.m3u8': gzipSync(Buffer.alloc(2 ** 24, '#')) });
    const fetched = await fetchStream(readTarget(`${server.origin}/a.m3u8`), context(), {
      limitBytes: 2 ** 20,
    });
    let taken = 0;
    const error = await failure(
      (async () => {
        for await (const bytes of fetched.body) taken += bytes.length;
      })(),
    );

    expect(error.message).toContain('is longer than 1048576 bytes');
    expect(taken).toBeLessThanOrEqual(2 ** 20);
  });

  it('is refused if its coding is unknown, but played if it is not actually compressed', async () => {
    await using server = await compressed('compress', {
      '/a': Uint8Array.of(0x1f, 0x9d, 0x90, 4, 0, 1, 2),
    });
    const error = await failure(all(openSource(`${server.origin}/a`, options())));
    expect(error.problem).toBe('unsupported');
    expect(error.message).toContain('content-encoding: compress is not known here');

    await using plain = await compressed('aws-chunked', { '/a.wav': WAVE });
    expect(same(pcmOf(await all(openSource(`${plain.origin}/a.wav`, options()))), pcm)).toBe(true);
  });

  it('cannot be read in parts', async () => {
    await using server = await site((_request, response) => {
      response.writeHead(206, { 'content-encoding': 'gzip', 'content-range': 'bytes 0-9/100' });
      response.end(gzipSync(WAVE).subarray(0, 10));
    });
    const range = { offset: 0, length: 10 };
    const fetched = await fetchStream(readTarget(server.origin), context(), { limitBytes: 100, range });

    expect((await failure(all(fetched.body))).message).toContain('a part of a compressed body');

    await until(() => server.open.size === 0);
  });
});
