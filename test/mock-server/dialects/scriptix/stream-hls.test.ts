import { describe, expect, test } from 'vitest';
import { fixture, fixtureFile, tone, wav } from '../../../support/audio.ts';
import { body, redirect, startOrigin, type Serve } from '../../../support/programs/origin.ts';
import { play, quick } from '../../../support/scriptix/scriptix.ts';
import { finalsOf, heardWords } from '../../../support/scriptix/rules.ts';
import '../../../support/warm.ts';

const EN = fixture('en-appointment-hls/media.m3u8');
const NL = fixture('nl-afspraak-hls/media.m3u8');

/** All files of a folder with an HLS recording. */
function hlsRoutes(name: string, folder = '/hls'): Record<string, Serve> {
  const files = ['master.m3u8', 'media.m3u8', 'segment-0.mp3', 'segment-1.mp3', 'segment-2.mp3'];
  return Object.fromEntries(
    files.map((file) => [`${folder}/${file}`, body(fixtureFile(`${name}-hls/${file}`))]),
  );
}

describe.concurrent('SX-STR-008 a playlist is heard to its end', () => {
  test.each<[string, string]>([
    ['a media playlist', '/hls/media.m3u8'],
    ['a master playlist', '/hls/master.m3u8'],
    ['a playlist with a query', '/hls/media.m3u8?sig=a%2Fb'],
    ['a playlist behind a redirect to another folder', '/moved'],
    ['a playlist without an extension in its name', '/list'],
  ])('%s', async (_case, path) => {
    const absolute = Buffer.from(fixtureFile('en-appointment-hls/media.m3u8')).toString();
    await using origin = await startOrigin({
      ...hlsRoutes('en-appointment'),
      '/moved': redirect('/hls/master.m3u8', 301),
      '/list': body(absolute.replaceAll('segment-', '/hls/segment-'), 'text/plain'),
    });
    await using fake = await quick();
    const { messages } = await play(fake, `${origin.url}${path}`);

    expect(heardWords(messages)).toEqual(EN.words);
    expect(
      finalsOf(messages)
        .map(({ text }) => text)
        .join(' '),
    ).toBe(EN.text);
    expect(origin.asked[0]?.target).toBe(path);
  });

  test('segments with queries of their own, which are requested unchanged', async () => {
    const queries = ['sig=a%2Fb%3d', "x='~!&y", 'a=1&a=2'];
    const lines = queries.map((query, i) => `#EXTINF:3,\nsegment-${i}.mp3?${query}\n`);
    const list = `#EXTM3U\n#EXT-X-TARGETDURATION:4\n${lines.join('')}#EXT-X-ENDLIST\n`;
    await using origin = await startOrigin({ ...hlsRoutes('nl-afspraak'), '/hls/list.m3u8': body(list) });
    await using fake = await quick();

    expect(heardWords((await play(fake, `${origin.url}/hls/list.m3u8`)).messages)).toEqual(NL.words);
    expect(origin.asked.slice(1).map(({ target }) => target)).toEqual(
      queries.map((query, i) => `/hls/segment-${i}.mp3?${query}`),
    );
  });

  test('segments of a codec that is not decoded, for the duration that the playlist gives', async () => {
    const packet = new Uint8Array(188).fill(3);
    packet.set([0x47, 0x40, 0x11, 0x10]);
    const list = '#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\na.ts\n#EXTINF:2,\na.ts\n#EXT-X-ENDLIST\n';
    await using origin = await startOrigin({
      '/a.m3u8': body(list),
      '/a.ts': body(Buffer.concat(Array.from({ length: 100 }, () => packet))),
    });
    await using fake = await quick();
    const heard = heardWords((await play(fake, `${origin.url}/a.m3u8`)).messages);

    expect(heard.at(0)?.startMs).toBe(0);
    expect(heard.at(-1)?.endMs).toBe(6000);
  });

  test.each<[string, readonly string[]]>([
    ['grows', ['0', '0 1', '0 1 2 end']],
    ['does not grow for a while', ['0', '0', '0 1', '0 1', '0 1 2', '0 1 2 end']],
    ['slides', ['0 1', '1 2', '2 end']],
  ])('a live playlist that %s', async (_case, versions) => {
    let asked = 0;
    const playlist: Serve = (response) => {
      const version = (versions[Math.min(asked, versions.length - 1)] ?? '').split(' ');
      asked += 1;
      const numbers = version.filter((part) => part !== 'end');
      const lines = [
        '#EXTM3U',
        '#EXT-X-VERSION:3',
        '#EXT-X-TARGETDURATION:3',
        `#EXT-X-MEDIA-SEQUENCE:${numbers[0] ?? 0}`,
        ...numbers.flatMap((n) => [`#EXTINF:${n === '2' ? 1.656 : 3.024},`, `segment-${n}.mp3`]),
        ...(version.includes('end') ? ['#EXT-X-ENDLIST'] : []),
      ];
      response.writeHead(200, { 'content-type': 'application/vnd.apple.mpegurl' }).end(lines.join('\n'));
    };
    await using origin = await startOrigin({ ...hlsRoutes('nl-afspraak'), '/hls/media.m3u8': playlist });
    await using fake = await quick();
    const { messages } = await play(fake, `${origin.url}/hls/media.m3u8`);

    expect(heardWords(messages)).toEqual(NL.words);

    const segments = origin.asked.map(({ target }) => target).filter((target) => target.endsWith('.mp3'));
    expect(segments).toEqual(['/hls/segment-0.mp3', '/hls/segment-1.mp3', '/hls/segment-2.mp3']);
    // Ten seconds of playing, with at most one request a second.
    expect(asked).toBeLessThanOrEqual(12);
  });
});

describe.concurrent('a WAV is heard to the end of its data', () => {
  const EN_WAV = fixture('en-appointment.wav');
  const endless = Uint8Array.from(EN_WAV.file).fill(255, 40, 44);
  const tail = Buffer.from('LIST\x80\x3e\0\0', 'latin1');
  test.each([
    ['even if its size is not known', endless],
    ['and not of the chunk that follows it', Buffer.concat([EN_WAV.file, tail, tone(500)])],
  ])('%s', async (_case, file) => {
    await using origin = await startOrigin({ '/a.wav': body(file) });
    await using fake = await quick();
    expect(heardWords((await play(fake, `${origin.url}/a.wav`)).messages)).toEqual(EN_WAV.words);
  });

  test('even if that is less than its header promises', async () => {
    const file = wav(tone(3000)).subarray(0, 44 + 32_000);
    await using origin = await startOrigin({ '/a.wav': body(file) });
    await using fake = await quick();

    expect(heardWords((await play(fake, `${origin.url}/a.wav`)).messages).at(-1)?.endMs).toBe(1000);
  });
});
