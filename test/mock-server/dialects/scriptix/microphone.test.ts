import { describe, expect, test } from 'vitest';
import { startMockServer } from '../../../../src/mock-server/server.ts';
import type { MockServer } from '../../../../src/mock-server/mock-server.ts';
import { BYTES_PER_MS, bursts, fixture, join, silence, tone } from '../../../support/audio.ts';
import { connect, type TestClient } from '../../../support/clients/client.ts';
import { dictate, microphone, microphoneUrl, transcribe } from '../../../support/scriptix/scriptix.ts';
import {
  finalsOf,
  isError,
  isFinal,
  isResult,
  isState,
  violations,
} from '../../../support/scriptix/rules.ts';

const audioMs = (audioBytes: number) => audioBytes / BYTES_PER_MS;

async function opened(fake: MockServer): Promise<TestClient> {
  const client = connect(microphoneUrl(fake));
  await client.open;
  return client;
}

/** An error message, then Close 1000, and nothing else. */
async function endsWithError(client: TestClient): Promise<string> {
  const { json, text } = await client.next(isError, 'an error');
  expect(await client.closed).toMatchObject({ code: 1000 });
  expect(client.rest()).toEqual([]);
  expect(JSON.stringify(json)).toBe(text);
  expect(Object.keys(json as object)).toEqual(['error']);
  const { error } = json as { error: string };
  expect(error).toMatch(/\S/);
  return error;
}

describe('start', () => {
  test('SX-STATE-001 to SX-STATE-004 is answered with loading and then listening, and with nothing before', async () => {
    await using fake = await startMockServer();
    await using client = await opened(fake);
    await client.settled();

    expect(client.messages).toEqual([]);

    client.send({ action: 'start' });
    expect((await client.next()).text).toBe('{"state":"loading"}');
    expect((await client.next()).text).toBe('{"state":"listening"}');

    await client.settled();
    expect(client.messages).toHaveLength(2);
  });

  test.each([
    ['with the whitespace of the document', '{\n"action": "start"\n}'],
    ['with unknown fields', '{"action":"start","key":"k","partial":true,"actual_numbers":false,"x":null}'],
    ['with its letters escaped', '{"\\u0061ction":"st\\u0061rt"}'],
  ])('SX-MIC-002 may come %s', async (_case, text) => {
    await using fake = await startMockServer();
    await using client = await opened(fake);
    client.send(text);
    await client.next(isState('listening'), 'listening');
  });

  test('may be followed by audio at once, without waiting for a state', async () => {
    await using fake = await startMockServer();
    await using client = await opened(fake);
    client.send({ action: 'start' });
    await dictate(client, tone(1000));

    expect(finalsOf(client.messages)).toHaveLength(1);
    expect(violations({ messages: client.messages, audioMs })).toEqual([]);
  });
});

describe('SX-ERR-001 SX-ERR-002 SX-ERR-003 one error and Close 1000 answer', () => {
  test.each<[string, unknown]>([
    ['audio', tone(20)],
    ['stop', { action: 'stop' }],
    ['an unknown action', { action: 'pause' }],
    ['an action that is not a text', { action: 1 }],
    ['an action in capitals', { action: 'START' }],
    ['an object without an action', {}],
    ['the name of a built-in property', '{"action":"toString"}'],
    ['an array', '["start"]'],
    ['null', 'null'],
    ['a word', 'start'],
    ['nothing', ''],
    ['incomplete JSON', '{"action":"start"'],
    ['the other service’s message', { type: 'flush_request' }],
  ])('%s in place of start', async (_case, message) => {
    await using fake = await startMockServer();
    await using client = await opened(fake);
    client.send(message);
    await endsWithError(client);

    expect(client.messages).toHaveLength(1);
  });

  test.each<[string, unknown]>([
    ['a second start', { action: 'start' }],
    ['an unknown action', { action: 'flush' }],
    ['text that is not JSON', 'hello'],
  ])('%s after start, and no result follows', async (_case, message) => {
    await using fake = await startMockServer();
    await using client = await microphone(fake);
    await client.sendAudio(tone(1000));
    client.send(message);
    client.send(tone(1000));
    await endsWithError(client);
  });

  test('JSON that is as deep as fits into a message', async () => {
    await using fake = await startMockServer();
    await using client = await opened(fake);
    client.send('['.repeat(500_000));
    await endsWithError(client);
  });

  test('no start within 15 seconds', async () => {
    await using fake = await startMockServer({ clock: 'manual' });
    await using client = await opened(fake);
    await fake.nextSession();
    await fake.clock.advance(14_999);
    await client.settled();

    expect(client.messages).toEqual([]);

    await fake.clock.advance(1);
    expect(await endsWithError(client)).toMatch(/15/);
  });

  test('no audio for 60 seconds', async () => {
    await using fake = await startMockServer({ clock: 'manual' });
    await using client = await microphone(fake);
    await fake.clock.advance(59_999);
    await client.sendAudio(silence(20));
    await client.settled();
    await fake.clock.advance(59_999);
    await client.settled();

    expect(client.messages).toHaveLength(2);

    await fake.clock.advance(1);
    expect(await endsWithError(client)).toMatch(/60/);
  });
});

describe('stop', () => {
  test('gives the remaining final, exactly {"state":"stopped"}, and Close 1000', async () => {
    await using fake = await startMockServer();
    await using client = await microphone(fake);
    await client.sendAudio(tone(1500));
    await client.settled();

    expect(client.messages.some(isFinal)).toBe(false);

    client.send({ action: 'stop' });
    await client.next(isFinal, 'the remaining final');
    const stopped = await client.next();

    expect(stopped.kind).toBe('text');
    expect(stopped.text).toBe('{"state":"stopped"}');
    expect(await client.closed).toMatchObject({ code: 1000 });
    expect(client.rest()).toEqual([]);
  });

  test.each([
    ['without any audio', silence(0)],
    ['after silence', silence(5000)],
    ['after speech that a pause has ended', bursts(1000, 2000)],
  ])('%s gives no more results', async (_case, audio) => {
    await using fake = await startMockServer();
    await using client = await microphone(fake);
    await client.sendAudio(audio);
    await client.settled();
    const before = client.messages.filter(isResult).length;
    client.send({ action: 'stop' });
    await client.closed;

    expect(client.messages.filter(isResult)).toHaveLength(before);
    expect(client.messages.at(-1)?.text).toBe('{"state":"stopped"}');
  });

  test('ends the session: everything after it is ignored', async () => {
    await using fake = await startMockServer();
    await using client = await microphone(fake);
    await client.sendAudio(tone(1000));
    client.send({ action: 'stop' });
    for (const late of [tone(3000), 'nonsense', { action: 'start' }, { action: 'stop' }]) client.send(late);

    expect(await client.closed).toMatchObject({ code: 1000 });
    expect(finalsOf(client.messages)).toHaveLength(1);
    expect(client.messages.some(isError)).toBe(false);
    expect(client.messages.at(-1)?.text).toBe('{"state":"stopped"}');
  });
});

describe('the end of a connection', () => {
  test('SX-ERR-003 TR-005 a client that closes with 1000 gets 1000 and no more results', async () => {
    await using fake = await startMockServer();
    await using client = await microphone(fake);
    const session = await fake.nextSession();
    await client.sendAudio(tone(1000));
    await client.settled();
    const before = client.messages.length;
    client.close(1000);

    expect(await client.closed).toMatchObject({ code: 1000 });
    expect(client.messages).toHaveLength(before);

    await session.received('close');
    expect(session.closeCode).toBe(1000);
    expect(fake.sessions).toEqual([]);
  });

  test.each([
    ['before start', opened],
    ['after start', microphone],
  ])('nothing of a session is left when its client vanishes %s', async (_case, dial) => {
    await using fake = await startMockServer({ clock: 'manual' });
    const before = fake.clock.pending;
    await using client = await dial(fake);
    const session = await fake.nextSession();
    client.terminate();
    await session.received('close');

    expect(session.closeCode).toBe(1006);
    expect(fake.sessions).toEqual([]);
    expect(fake.clock.pending).toBe(before);
  });

  test('a session that has stopped leaves nothing behind', async () => {
    await using fake = await startMockServer({ clock: 'manual' });
    const before = fake.clock.pending;
    await using client = await microphone(fake);
    const session = await fake.nextSession();
    await dictate(client, tone(1000));
    await session.received('close');

    expect(fake.clock.pending).toBe(before);
  });

  test.each(['reset', 'fin'] as const)(
    'a session that ends by %s while the words of its language are loaded leaves nothing behind',
    async (how) => {
      await using fake = await startMockServer({ clock: 'manual' });
      const before = fake.clock.pending;
      const options = { query: { language: 'fr' } };
      await using early = connect(microphoneUrl(fake, options.query));
      (await fake.nextSession()).abort(how);
      await early.closed;
      // Once another client has connected, the words are loaded, and the first session has stopped waiting for them.
      await using client = await microphone(fake, options);
      const session = await fake.nextSession();
      client.terminate();
      await session.received('close');

      expect(fake.sessions).toEqual([]);
      expect(fake.clock.pending).toBe(before);
    },
  );

  test('a server that is stopped closes with 1001', async () => {
    const fake = await startMockServer();
    await using client = await microphone(fake);
    await fake.stop();

    expect(await client.closed).toMatchObject({ code: 1001 });
  });

  test('TR-002 a ping is answered with its payload', async () => {
    await using fake = await startMockServer();
    await using client = await microphone(fake);
    const pong = new Promise((resolve) => client.socket.once('pong', resolve));
    client.socket.ping('some payload');

    expect(String(await pong)).toBe('some payload');
  });
});

describe('sizes', () => {
  test('an audio frame may have 1 MiB, and one byte more ends the connection with 1009', async () => {
    await using fake = await startMockServer();
    const largest = silence(2 ** 20 / BYTES_PER_MS);
    await transcribe(fake, largest, { frameBytes: 2 ** 20 });
    await using client = await microphone(fake);
    client.send(join(largest, new Uint8Array(1)));

    expect((await client.closed).code).toBe(1009);
  });

  test('a text that is not UTF-8 ends the connection with 1007', async () => {
    await using fake = await startMockServer();
    await using client = await microphone(fake);
    client.socket.send(Uint8Array.of(0xc3, 0x28), { binary: false });

    expect((await client.closed).code).toBe(1007);
  });

  test.each([
    [1, 1500],
    [3, 3000],
    [641, 8000],
    [65_536, 8000],
    [300_000, 8000],
  ])('SX-MIC-008 frames of %i bytes give what frames of 20 ms give', async (frameBytes, durationMs) => {
    await using fake = await startMockServer();
    const audio = fixture('en-long.wav').pcm.subarray(0, durationMs * BYTES_PER_MS);
    const [usual, odd] = await Promise.all([
      transcribe(fake, audio, { frameBytes: 640 }),
      transcribe(fake, audio, { frameBytes }),
    ]);

    expect(odd.messages.map(({ text }) => text)).toEqual(usual.messages.map(({ text }) => text));
    expect(usual.messages.filter(isFinal).length).toBeGreaterThan(0);
  });

  test('messages may come in fragments', async () => {
    await using fake = await startMockServer();
    const plain = await transcribe(fake, tone(1000));
    await using client = await microphone(fake);
    for (const [i, part] of [101, 1, 20_000, 11_898].entries()) {
      const from = [0, 101, 102, 20_102][i] ?? 0;
      client.socket.send(tone(1000).subarray(from, from + part), { binary: true, fin: i === 3 });
    }
    client.socket.send('{"action":', { fin: false });
    client.socket.send('"stop"}', { fin: true });
    await client.closed;

    expect(client.messages.map(({ text }) => text)).toEqual(plain.messages.map(({ text }) => text));
  });

  test('empty frames, and half a sample at the end, change nothing', async () => {
    await using fake = await startMockServer();
    const plain = await transcribe(fake, tone(1000));
    await using client = await microphone(fake);
    client.send(new Uint8Array());
    await client.sendAudio(tone(500));
    client.send(new Uint8Array());
    await dictate(client, join(tone(1000).subarray(500 * BYTES_PER_MS), Uint8Array.of(7)));

    expect(client.messages.map(({ text }) => text)).toEqual(plain.messages.map(({ text }) => text));
  });
});
