import { networkInterfaces } from 'node:os';
import { describe, expect, test } from 'vitest';
import { startMockServer } from '../../../../src/mock-server/server.ts';
import type { MockServer } from '../../../../src/mock-server/mock-server.ts';
import { fixtureFile, tone, wav } from '../../../support/audio.ts';
import { connect, type TestClient } from '../../../support/clients/client.ts';
import { freePort } from '../../../support/programs/free-port.ts';
import { body, redirect, startOrigin, status, type Serve } from '../../../support/programs/origin.ts';
import { stream } from '../../../support/scriptix/scriptix.ts';
import { isError, isResult, isState, violations } from '../../../support/scriptix/rules.ts';
import '../../../support/warm.ts';

/** Waits for the end of a failed stream: one error, then Close 1000. Returns the error's text. */
async function failure(client: TestClient): Promise<string> {
  const { json } = await client.next(isError, 'an error');
  expect(await client.closed).toMatchObject({ code: 1000 });
  expect(client.rest()).toEqual([]);
  expect(violations({ messages: client.messages })).toEqual([]);
  return (json as { error: string }).error;
}

/** Plays a stream that fails before anything was heard. */
async function failsToPlay(fake: MockServer, source: string | undefined, options = {}): Promise<string> {
  await using client = stream(fake, source, options);
  const error = await failure(client);
  expect(client.messages.some(isResult)).toBe(false);
  expect(client.messages.some(isState('listening'))).toBe(false);
  return error;
}

const still = () => startMockServer({ clock: 'manual' });

describe('SX-CONN-010 SX-CONN-011 a stream connection without a valid token gets an error', () => {
  test.each([
    ['/v2/client', 'no token'],
    ['/v2/client/', 'an empty token'],
    ['/v2/client/invalid-key', 'a refused token'],
    ['/v2/client/expired-key', 'an expired token'],
    ['/v2/client/%ff', 'a token that is not UTF-8'],
  ])('at %s: %s', async (path) => {
    await using origin = await startOrigin({ '/a.wav': body(wav(tone(500))) });
    await using fake = await still();
    const address = `${fake.urls.url.replace('http', 'ws')}${path}?url=${encodeURIComponent(`${origin.url}/a.wav`)}`;
    await using client = connect(address);
    const error = await failure(client);

    expect(error).toMatch(/token|authenticat/i);
    expect(error).not.toMatch(/(invalid|expired)-key/);
    expect(client.messages).toHaveLength(1);
    expect(origin.asked).toEqual([]);
  });
});

describe('a stream cannot be played', () => {
  test.each([
    ['no url', undefined],
    ['an empty url', ''],
  ])('SX-STR-002 with %s', async (_case, source) => {
    await using fake = await still();
    expect(await failsToPlay(fake, source)).toMatch(/url/i);
  });

  test.each(['best', 'FAST', ''])('SX-CONN-017 with the type "%s"', async (type) => {
    await using origin = await startOrigin({ '/a.wav': body(wav(tone(500))) });
    await using fake = await still();

    expect(await failsToPlay(fake, `${origin.url}/a.wav`, { query: { type } })).toMatch(/type/);
    expect(origin.asked).toEqual([]);
  });

  test.each(['scaled_down', 'starting'] as const)('while the service is %s', async (state) => {
    await using origin = await startOrigin({ '/a.wav': body(wav(tone(500))) });
    await using fake = await startMockServer({ clock: 'manual', service: { status: state } });
    await failsToPlay(fake, `${origin.url}/a.wav`);

    expect(origin.asked).toEqual([]);
  });

  test.each([
    'not a url',
    'a.mp3',
    '//127.0.0.1/a.mp3',
    'http://',
    'http://127.0.0.1:99999/',
    'http://[::1/',
    'file:///etc/passwd',
    'ftp://127.0.0.1/a.mp3',
    'data:audio/mpeg;base64,AAAA',
    'javascript:1',
    'ws://127.0.0.1/',
    'blob:http://127.0.0.1/x',
    `http://127.0.0.1/${'a'.repeat(10_000)}`,
    'http://127.0.0.1:1/a.mp3\r\nx: y',
  ])('SX-STR-010 at %s', async (source) => {
    await using fake = await still();
    await failsToPlay(fake, source);
  });

  test('SX-STR-010 at a port where nothing listens', async () => {
    const port = await freePort();
    await using fake = await still();

    expect(await failsToPlay(fake, `http://127.0.0.1:${port}/a.mp3?sig=secret`)).not.toContain('secret');
  });
});

describe('an origin does not serve the stream', () => {
  const expired = /invalid|expired|inaccessible|not found|gone/i;
  const login = /authenticat/i;
  test.each<[string, string, Serve, RegExp]>([
    ['SX-STR-010 404', '/a.mp3?sig=secret', status(404), expired],
    ['SX-STR-010 410', '/a.mp3?sig=secret', status(410), expired],
    ['SX-STR-010 500', '/a.mp3?sig=secret', status(500), expired],
    ['SX-STR-010 503', '/a.mp3', status(503), expired],
    ['SX-STR-012 401', '/a.mp3?sig=secret', status(401, { 'www-authenticate': 'Basic' }), login],
    ['SX-STR-012 403 without a signature', '/a.mp3', status(403), login],
    ['SX-STR-009 403 with a signature', '/a.mp3?se=2020-01-01&sig=secret', status(403), /./],
    ['SX-STR-010 204', '/a.mp3', (response) => response.writeHead(204).end(), /./],
    ['SX-STR-010 300 without a Location', '/a.mp3', status(302), /./],
    ['SX-STR-010 an endless redirect', '/a.mp3?sig=secret', redirect('/a.mp3?sig=secret'), /redirect/i],
    ['SX-STR-010 a redirect to a file', '/a.mp3', redirect('file:///etc/passwd'), /./],
    ['SX-STR-010 a redirect to nonsense', '/a.mp3', redirect('http://[?sig=secret'), /./],
    ['SX-STR-010 a connection that breaks at once', '/a.mp3', (_, request) => request.socket.destroy(), /./],
    [
      'SX-STR-010 an answer that is not HTTP',
      '/a.mp3',
      (_, request) => request.socket.end('ho ho\r\n\r\n'),
      /./,
    ],
    ['SX-STR-011 HTML', '/a.mp3', body('<!doctype html><html>no</html>', 'text/html'), /unsupported/i],
    ['SX-STR-011 HTML that says it is MP3', '/a.mp3', body('<html>no</html>', 'audio/mpeg'), /unsupported/i],
    ['SX-STR-011 JSON', '/a.mp3', body('{"a":1}', 'application/json'), /unsupported/i],
    [
      'SX-STR-011 an image',
      '/a.png',
      body(Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10, 0, 0)),
      /unsupported/i,
    ],
    ['SX-STR-011 zeros', '/a.mp3', body(new Uint8Array(50_000)), /unsupported/i],
    ['SX-STR-011 an empty body', '/a.mp3', body(''), /./],
    ['SX-STR-011 a playlist of nothing', '/a.m3u8', body('#EXTM3U\n#EXT-X-ENDLIST\n'), /./],
    ['SX-STR-011 half a playlist', '/a.m3u8', body('#EXTM3U\n#EXT-X-STREAM-INF'), /./],
    ['SX-STR-011 a WAV header that is cut off', '/a.wav', body(wav(tone(100)).subarray(0, 30)), /./],
    ['SX-STR-011 a WAV of an unknown codec', '/a.wav', body(oddWav()), /unsupported/i],
  ])('%s', async (_case, target, serve, expected) => {
    const path = target.split('?')[0] ?? '';
    await using origin = await startOrigin({ [path]: serve });
    await using fake = await still();
    const error = await failsToPlay(fake, `${origin.url}${target}`);

    expect(error).toMatch(expected);
    expect(error).not.toMatch(/secret|etc\/passwd/);
  });

  test.each([
    ['SX-STR-010 a segment that is not there', '#EXTINF:3,\nmissing.mp3?sig=secret'],
    ['SX-STR-011 a segment that is HTML', '#EXTINF:3,\npage.html'],
    [
      'SX-STR-012 an encrypted segment',
      '#EXT-X-KEY:METHOD=AES-128,URI="key?sig=secret"\n#EXTINF:3,\nsegment.mp3',
    ],
    ['a segment on a host that is not allowed', '#EXTINF:3,\nhttp://10.0.0.1/segment.mp3?sig=secret'],
  ])('%s', async (_case, lines) => {
    const playlist = `#EXTM3U\n#EXT-X-TARGETDURATION:3\n${lines}\n#EXT-X-ENDLIST\n`;
    await using origin = await startOrigin({
      '/a.m3u8': body(playlist),
      '/page.html': body('<html></html>'),
      '/segment.mp3': body(new Uint8Array(10_000).map((_, i) => (i * 7919) % 251)),
    });
    await using fake = await still();

    expect(await failsToPlay(fake, `${origin.url}/a.m3u8`)).not.toContain('secret');
  });

  test.each([
    ['a body that is cut off', fixtureFile('en-appointment.mp3').subarray(0, 20_000), 30_816],
    ['a body that is cut off in the header', wav(tone(1000)).subarray(0, 20), 30_816],
  ])('SX-STR-010 %s', async (_case, part, promised) => {
    const serve: Serve = (response, request) => {
      response.writeHead(200, { 'content-length': promised });
      response.write(part, () => request.socket.destroy());
    };
    await using origin = await startOrigin({ '/a': serve });
    await using fake = await startMockServer({ speed: 50 });
    await using client = stream(fake, `${origin.url}/a?sig=secret`);

    expect(await failure(client)).not.toContain('secret');
  });

  test('SX-STR-010 no password of the URL is repeated', async () => {
    await using origin = await startOrigin({});
    await using fake = await still();
    const source = `${origin.url.replace('//', '//user:secret@')}/a.mp3#secret`;

    expect(await failsToPlay(fake, source)).not.toContain('secret');
  });
});

describe('an origin that lets the server wait', () => {
  test('SX-CONN-018 for headers: an error after 15 seconds', async () => {
    await using origin = await startOrigin({ '/a.mp3': () => undefined });
    await using fake = await still();
    await using client = stream(fake, `${origin.url}/a.mp3?sig=secret`);
    const { ended } = await origin.asking();
    await fake.clock.advance(14_900);
    await client.settled();

    expect(client.values).toEqual([{ state: 'loading' }]);

    await fake.clock.advance(100);
    const error = await failure(client);
    expect(error).toMatch(/time/i);
    expect(error).not.toContain('secret');
    expect(await ended).toEqual({ complete: false });
  });

  test('for the first byte of the body: an error after 15 seconds', async () => {
    await using origin = await startOrigin({
      '/a.mp3': (response) => response.writeHead(200).flushHeaders(),
    });
    await using fake = await still();
    await using client = stream(fake, `${origin.url}/a.mp3`);
    await origin.asking();
    while (!client.messages.some(isError) && fake.clock.now() < 40_000) {
      await fake.clock.advance(500);
      await client.settled().catch(() => undefined);
    }

    expect(fake.clock.now()).toBeGreaterThanOrEqual(15_000);

    await failure(client);
  });
});

describe('a host that is not allowed', () => {
  test.each([
    'http://10.0.0.1/a.mp3',
    'http://169.254.169.254/latest/meta-data/',
    'https://192.168.1.1/a.mp3?sig=secret',
    'http://2852039166/',
    'http://0xA9FEA9FE/',
    'http://0251.0376.0251.0376/',
    'http://[::ffff:169.254.169.254]/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://[fd00::1]/',
    'http://[fe80::1]/',
    'http://0.0.0.0/',
    'http://[::]/',
    'http://100.64.0.1/',
    'http://10.0.0.1:80@10.0.0.1/',
    'http://127.0.0.1@10.0.0.1/',
  ])('is refused immediately: %s', async (source) => {
    await using fake = await still();
    const error = await failsToPlay(fake, source);

    expect(error).toContain('--allow-url');
    expect(error).not.toContain('secret');
  });

  test('is refused after a redirect, too', async () => {
    await using origin = await startOrigin({
      '/a.mp3': redirect('http://169.254.169.254/latest?sig=secret'),
    });
    await using fake = await still();
    const error = await failsToPlay(fake, `${origin.url}/a.mp3`);

    expect(error).toContain('--allow-url');
    expect(error).not.toContain('secret');
  });

  const own = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4')?.address;

  test.skipIf(own === undefined)('is never contacted unless it was allowed', async () => {
    const host = own ?? '';
    await using origin = await startOrigin({ '/a.wav': body(wav(tone(500))) }, host);
    await using way = await startOrigin({ '/moved': redirect(`${origin.url}/a.wav`) });
    await using fake = await still();
    await failsToPlay(fake, `${origin.url}/a.wav`);
    await failsToPlay(fake, `${way.url}/moved`);

    expect(origin.asked).toEqual([]);

    await using open = await startMockServer({ allowUrls: [host] });
    await using client = stream(open, `${way.url}/moved`);
    await client.next(isResult, 'a result');

    expect(origin.asked).toHaveLength(1);
  });
});

// From the error, a page of any origin could tell whether a port of this machine was closed or answered with 401.
describe('loopback is not contacted', () => {
  const places = (port: string) => [
    `127.0.0.1:${port}`,
    `localhost:${port}`,
    `[::1]:${port}`,
    `[::ffff:127.0.0.1]:${port}`,
    `2130706433:${port}`,
    `0177.1:${port}`,
    `0x7f000001:${port}`,
    `0x7f.0.0.1:${port}`,
    `127.1:${port}`,
    `127.8.9.10:${port}`,
    `0.0.0.0:${port}`,
    `0:${port}`,
    `[::]:${port}`,
    `[0:0:0:0:0:0:0:1]:${port}`,
    `[::ffff:7f00:1]:${port}`,
    `[::127.0.0.1]:${port}`,
    `[64:ff9b::127.0.0.1]:${port}`,
    `user:word@127.0.0.1:${port}`,
    `169.254.169.254:${port}`,
    `[fe80::1]:${port}`,
  ];

  test.each([
    ['for a page of another origin', {}, 'https://evil.example'],
    ['for a page without an origin of its own', {}, 'null'],
    ['on a server that listens on more', { host: '0.0.0.0' }, undefined],
  ])('%s', async (_case, options, origin) => {
    await using source = await startOrigin({ '/a.wav': status(401) });
    await using way = await startOrigin({});
    const { port: silent } = new URL(way.url);
    await way[Symbol.asyncDispose]();
    await using fake = await startMockServer({ clock: 'manual', ...options });
    const headers = origin === undefined ? {} : { origin };
    const told = async (port: string) => {
      const errors: string[] = [];
      for (const place of places(port))
        errors.push(await failsToPlay(fake, `http://${place}/a.wav`, { headers }));
      return errors.map((error) => error.replaceAll(port, 'PORT'));
    };
    const errors = await told(new URL(source.url).port);

    expect(errors.filter((error) => !error.includes('--allow-url'))).toEqual([]);
    expect(await told(silent)).toEqual(errors);
    expect(source.asked).toEqual([]);
  });

  // An allowed address may lead to one that is not allowed.
  const list = (...lines: readonly string[]) =>
    ['#EXTM3U', '#EXT-X-TARGETDURATION:10', ...lines, ''].join('\n');
  test.each<[string, (secret: string) => Serve]>([
    ['by a redirect', (secret) => redirect(`${secret}/a.wav`)],
    ['by a segment', (secret) => body(list('#EXTINF:3,', `${secret}/a.mp3`, '#EXT-X-ENDLIST'))],
    [
      'by the key of a segment',
      (secret) =>
        body(list(`#EXT-X-KEY:METHOD=AES-128,URI="${secret}/key"`, '#EXTINF:3,', '/s.mp3', '#EXT-X-ENDLIST')),
    ],
    [
      'by the beginning of segments',
      (secret) => body(list(`#EXT-X-MAP:URI="${secret}/init"`, '#EXTINF:3,', '/s.mp3', '#EXT-X-ENDLIST')),
    ],
    ['by a variant', (secret) => body(list('#EXT-X-STREAM-INF:BANDWIDTH=64000', `${secret}/media.m3u8`))],
  ])('even %s from an allowed address', async (_way, serve) => {
    await using secret = await startOrigin({});
    await using way = await startOrigin({ '/a.m3u8': serve(secret.url) });
    await using fake = await startMockServer({ clock: 'manual', allowUrls: [`127.0.0.1:${way.port}`] });
    const headers = { origin: 'https://evil.example' };
    await failsToPlay(fake, `${way.url}/a.m3u8`, { headers });

    expect(way.asked).not.toEqual([]);
    expect(secret.asked).toEqual([]);
  });

  test('unless it is allowed by name or address', async () => {
    await using source = await startOrigin({ '/a.wav': status(401) });
    const { port } = new URL(source.url);
    await using fake = await startMockServer({ clock: 'manual', allowUrls: ['127.0.0.1'] });
    const headers = { origin: 'https://evil.example' };

    expect(await failsToPlay(fake, `http://127.0.0.1:${port}/a.wav`, { headers })).toMatch(/401/);
  });
});

/** 16-bit samples that claim to have an unknown codec. */
function oddWav(): Uint8Array {
  const bytes = wav(tone(100));
  bytes[20] = 0x77;
  bytes[21] = 0x77;
  return bytes;
}
