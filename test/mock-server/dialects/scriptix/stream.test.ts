import type { ServerResponse } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { startMockServer } from '../../../../src/mock-server/server.ts';
import type { MockServer } from '../../../../src/mock-server/mock-server.ts';
import { bursts, fixture, fixtureFile, tone, wav } from '../../../support/audio.ts';
import type { TestClient } from '../../../support/clients/client.ts';
import { body, redirect, startOrigin, type Serve } from '../../../support/programs/origin.ts';
import { play, quick, stream, TOKEN } from '../../../support/scriptix/scriptix.ts';
import {
  finalsOf,
  heardWords,
  isError,
  isFinal,
  isResult,
  isState,
  resultsOf,
  violations,
} from '../../../support/scriptix/rules.ts';
import '../../../support/warm.ts';

const EN = fixture('en-appointment.mp3');
const NL = fixture('nl-afspraak.mp3');

describe.concurrent('a stream is heard to its end', () => {
  test.each<[string, string, string, Serve, { words: unknown; text: string }]>([
    ['SX-STR-007 an MP3', '/a.mp3', 'audio/mpeg', body(EN.file), EN],
    ['SX-STR-007 an MP3 with an odd type', '/download', 'text/html', body(NL.file), NL],
    ['a WAV', '/a.wav', 'audio/wav', body(fixtureFile('nl-afspraak.wav')), fixture('nl-afspraak.wav')],
    ['SX-STR-009 a blob', '/container/call%20one.mp3?sv=2022-11-02&sig=a%2Fb%3D', '', body(EN.file), EN],
    ['a redirect', '/moved', '', redirect('/en.mp3', 307), EN],
  ])('%s', async (_case, path, _type, serve, { words, text }) => {
    await using origin = await startOrigin({ '/en.mp3': body(EN.file), [path.split('?')[0] ?? '']: serve });
    await using fake = await quick();
    const client = await play(fake, `${origin.url}${path}`);

    expect(client.messages.slice(0, 2).map((message) => message.text)).toEqual([
      '{"state":"loading"}',
      '{"state":"listening"}',
    ]);
    expect(client.messages.filter((message) => !isResult(message))).toHaveLength(2);
    expect(client.messages.at(-1)?.text).toContain('"is_final":true');
    expect(heardWords(client.messages)).toEqual(words);
    expect(
      finalsOf(client.messages)
        .map((final) => final.text)
        .join(' '),
    ).toBe(text);
    expect(origin.asked[0]?.target).toBe(path);
  });

  test.each([1, 4, 100_000])(
    'a radio that answers as Shoutcast does, in pieces of %i bytes',
    async (size) => {
      const head = Buffer.from('ICY 200 OK\r\nicy-name: Radio\r\ncontent-type: audio/mpeg\r\n\r\n');
      const radio = createServer((socket) => {
        socket.setNoDelay(true).on('error', () => undefined);
        socket.once('data', () => {
          for (let at = 0; at < head.length; at += size) socket.write(head.subarray(at, at + size));
          socket.end(EN.file);
        });
      });
      await new Promise<void>((resolve) => radio.listen(0, '127.0.0.1', resolve));
      await using fake = await quick();
      const { port } = radio.address() as AddressInfo;
      const client = await play(fake, `http://127.0.0.1:${port}/live`);

      expect(heardWords(client.messages)).toEqual(EN.words);

      radio.close();
    },
  );

  test('a recording without a transcript, with its last segment when the source ends', async () => {
    await using origin = await startOrigin({ '/a.wav': body(wav(bursts(2000, 1000, 1000))) });
    await using fake = await quick();
    const { messages } = await play(fake, `${origin.url}/a.wav`, {
      query: { language: 'nl', type: 'quality' },
    });

    expect(finalsOf(messages)).toHaveLength(2);
    expect(heardWords(messages).at(-1)?.endMs).toBe(4000);
  });

  test('SX-PART-007 silence, with no result', async () => {
    await using origin = await startOrigin({ '/a.wav': body(fixtureFile('silence.wav')) });
    await using fake = await quick();
    const { messages } = await play(fake, `${origin.url}/a.wav`);

    expect(messages.map(({ text }) => text)).toEqual(['{"state":"loading"}', '{"state":"listening"}']);
  });

  test('a body that arrives in pieces of odd sizes', async () => {
    const inPieces: Serve = (response) => {
      response.writeHead(200);
      let at = 0;
      const more = () => {
        if (at >= EN.file.length) return void response.end();
        response.write(EN.file.subarray(at, at + 777), more);
        at += 777;
      };
      more();
    };
    await using origin = await startOrigin({ '/a.mp3': inPieces });
    await using fake = await quick();

    expect(heardWords((await play(fake, `${origin.url}/a.mp3`)).messages)).toEqual(EN.words);
  });

  test('SX-ISO-001 as well as another one at the same time', async () => {
    await using origin = await startOrigin({ '/en.mp3': body(EN.file), '/nl.mp3': body(NL.file) });
    await using fake = await quick();
    const heard = await Promise.all(
      ['en', 'nl'].map(async (name) => heardWords((await play(fake, `${origin.url}/${name}.mp3`)).messages)),
    );

    expect(heard).toEqual([EN.words, NL.words]);
  });
});

describe.concurrent('what the origin sees', () => {
  test.each([
    '/c/b.mp3?sv=2022-11-02&st=2024-01-01T00%3A00%3A00Z&sr=b&sp=r&sig=a%2Fb%2Bc%3d%3D&rscd=file%3B%20x',
    "/c/b.mp3?sig=a+b/c==&x=~!*()'-_.,;:@$",
    '/c/b.mp3?&&a&b=&=c&a=1&a=2',
    '/c/%E2%82%AC/b%20c%2Fd.mp3?x=%E2%82%AC',
  ])('SX-STR-004 SX-CONN-020 is exactly %s', async (target) => {
    const path = target.split('?')[0] ?? '';
    await using origin = await startOrigin({ [path]: body(wav(tone(100))) });
    await using fake = await quick();
    await play(fake, `${origin.url}${target}`);

    expect(origin.asked.map((asked) => asked.target)).toEqual([target]);
  });

  test('is a GET without the token', async () => {
    await using origin = await startOrigin({ '/a.mp3': redirect('/b.wav'), '/b.wav': body(wav(tone(500))) });
    await using fake = await quick();
    await play(fake, `${origin.url}/a.mp3`, { token: 'very-secret' });

    expect(origin.asked.map(({ method }) => method)).toEqual(['GET', 'GET']);
    expect(JSON.stringify(origin.asked)).not.toContain('secret');
  });
});

describe.concurrent('the pace of a stream', () => {
  test('SX-STR-014 is that of scenario time: no audio is heard sooner', async () => {
    await using origin = await startOrigin({ '/a.mp3': body(NL.file) });
    await using fake = await startMockServer({ clock: 'manual' });
    await using client = stream(fake, `${origin.url}/a.mp3`);
    await client.open;
    const session = await fake.nextSession();

    // The file is small enough to have arrived as a whole, so from here on only scenario time has to pass.
    expect(await (await origin.asking()).ended).toEqual({ complete: true });

    await client.settled();
    expect(client.messages.some(isResult)).toBe(false);

    const heard = new Map<string, number>();
    const limitMs = 60_000;
    while (!client.hasEnded && fake.clock.now() < limitMs) {
      await fake.clock.advance(50);
      expect(session.audioMs).toBeLessThanOrEqual(fake.clock.now());
      await client.settled().catch(() => undefined);
      for (const { text } of client.messages) if (!heard.has(text)) heard.set(text, fake.clock.now());
    }

    expect(await client.closed).toMatchObject({ code: 1000 });
    expect(fake.clock.now()).toBeGreaterThanOrEqual(NL.durationMs);
    expect(fake.clock.now()).toBeLessThan(2 * NL.durationMs);

    for (const { offsetMs, words, message } of resultsOf(client.messages)) {
      const endMs = offsetMs + (words.at(-1)?.[2] ?? 0);
      expect(heard.get(message.text)).toBeGreaterThanOrEqual(endMs);
    }
    expect(heardWords(client.messages)).toEqual(NL.words);
  });

  test('SX-STATE-004 loading comes immediately, and listening when the source plays', async () => {
    const waiting: ServerResponse[] = [];
    await using origin = await startOrigin({ '/a.mp3': (response) => void waiting.push(response) });
    await using fake = await quick();
    await using client = stream(fake, `${origin.url}/a.mp3`);
    await client.next(isState('loading'), 'loading');
    await origin.asking();
    await client.settled();

    expect(client.messages).toHaveLength(1);

    for (const response of waiting) response.writeHead(200).end(NL.file);
    await client.next(isState('listening'), 'listening');
    await client.next(isFinal, 'a final');
  });
});

/** Begins to play, then stays open without sending another byte. */
const endless: Serve = (response) => {
  response.writeHead(200, { 'content-type': 'audio/mpeg' });
  response.write(EN.file.subarray(0, EN.file.length / 2));
};

describe.concurrent('the client of a stream', () => {
  test('SX-STR-005 SX-STR-006 SX-STR-013 need not send anything, and is ignored except for stop', async () => {
    await using origin = await startOrigin({ '/a.mp3': body(EN.file) });
    await using fake = await quick();
    await using client = stream(fake, `${origin.url}/a.mp3`);
    await client.open;
    const odd = [{ action: 'start' }, 'nonsense', '', tone(1000), { action: 'start' }, { action: 'pause' }];
    for (const message of odd) client.send(message);
    await client.next(isResult, 'a result');
    for (const message of odd) client.send(message);

    expect(await client.closed).toMatchObject({ code: 1000 });
    expect(client.messages.some(isError)).toBe(false);
    expect(heardWords(client.messages)).toEqual(EN.words);
  });

  test('gets the remaining final, stopped and Close 1000 after stop, which also ends the request', async () => {
    await using origin = await startOrigin({ '/a.mp3': endless });
    await using fake = await quick();
    await using client = stream(fake, `${origin.url}/a.mp3`);
    await client.next(isResult, 'a result');
    client.send({ action: 'stop' });

    expect(await client.closed).toMatchObject({ code: 1000 });
    expect(client.messages.at(-1)?.text).toBe('{"state":"stopped"}');
    expect(client.messages.at(-2)?.json).toMatchObject({ is_final: true });
    expect(violations({ messages: client.messages })).toEqual([]);
    expect(await (await origin.asking()).ended).toEqual({ complete: false });
  });

  test.each<[string, (client: TestClient, fake: MockServer) => unknown]>([
    ['closes', (client) => client.close()],
    ['vanishes', (client) => client.terminate()],
    ['is closed by a server that stops', (_client, fake) => fake.stop()],
  ])('%s, and the request ends', async (_case, end) => {
    await using origin = await startOrigin({ '/a.mp3': endless });
    await using fake = await quick();
    await using client = stream(fake, `${origin.url}/a.mp3`);
    const asked = await origin.asking();
    await client.next(isResult, 'a result');
    await end(client, fake);

    expect(await asked.ended).toEqual({ complete: false });

    await client.closed;
  });

  test('can stop a stream that does not play yet', async () => {
    await using origin = await startOrigin({ '/a.mp3': () => undefined });
    await using fake = await startMockServer({ clock: 'manual' });
    const before = fake.clock.pending;
    await using client = stream(fake, `${origin.url}/a.mp3`);
    const asked = await origin.asking();
    const session = await fake.nextSession();
    client.send({ action: 'stop' });

    expect(await client.closed).toMatchObject({ code: 1000 });
    expect(client.values).toEqual([{ state: 'loading' }, { state: 'stopped' }]);
    expect(await asked.ended).toEqual({ complete: false });

    await session.received('close');
    expect(fake.clock.pending).toBe(before);
  });

  test('vanishes while its request has no answer yet, which leaves nothing behind', async () => {
    await using origin = await startOrigin({ '/a.mp3': () => undefined });
    await using fake = await startMockServer({ clock: 'manual' });
    const before = fake.clock.pending;
    await using client = stream(fake, `${origin.url}/a.mp3`);
    const session = await fake.nextSession();
    const asked = await origin.asking();
    client.close();

    expect(await asked.ended).toEqual({ complete: false });

    await session.received('close');
    expect(fake.clock.pending).toBe(before);
  });
});

test('SX-CONN-003 SX-CONN-020 the token is percent-decoded', async () => {
  const token = 'a/b c?d#e%20ü';
  await using origin = await startOrigin({ '/a.wav': body(wav(tone(500))) });
  await using fake = await startMockServer({ speed: 4, keys: [token] });
  await play(fake, `${origin.url}/a.wav`, { token });
  const refused = stream(fake, `${origin.url}/a.wav`, { token: TOKEN });
  await refused.next(isError, 'an error');
});
