import { describe, expect, it } from 'vitest';
import { startMockServer } from '../../src/mock-server/server.ts';
import { bursts, silence } from '../support/audio.ts';
import { connect } from '../support/clients/client.ts';
import { expectHealthy } from '../support/servers/healthy.ts';
import { startOrigin } from '../support/programs/origin.ts';
import { closeFrame, frame, OPCODE, openRaw } from '../support/clients/raw.ts';
import { confirmation, dial, EVERYTHING, finalsOf, flush, KEY, recognise } from '../support/reson8.ts';
import { microphone, microphoneUrl, stream } from '../support/scriptix/scriptix.ts';

const WORDS = expect.stringMatching(/^\w+.* \S+/) as string;

describe('a client that sends too much', () => {
  it('does not disturb other sessions, and all of its audio is heard', async () => {
    await using fake = await startMockServer();
    const speech = bursts(1500, 1000, 800);
    const expected = await recognise(fake.urls.reson8.realtime, EVERYTHING, speech);

    await using flood = dial(fake.urls.reson8.realtime, EVERYTHING);
    const [session] = await Promise.all([fake.nextSession().then(() => fake.nextSession()), flood.open]);
    // One millisecond each, without pauses.
    const piece = silence(1);
    for (let i = 0; i < 10_000; i++) flood.send(piece);
    flush(flood, 'end');

    expect(await recognise(fake.urls.reson8.realtime, EVERYTHING, speech)).toEqual(expected);

    await confirmation(flood);
    expect(session.count('audio')).toBe(10_000);
    expect(session.audioMs).toBe(10_000);
    expect(flood.messages).toHaveLength(1);
    await expectHealthy(fake);
  });

  it('gets an answer to every one of 10,000 requests, in order', async () => {
    await using fake = await startMockServer();
    await using client = dial(fake.urls.reson8.realtime);
    await client.open;
    for (let i = 0; i < 10_000; i++) flush(client, String(i));
    await client.settled();

    expect(client.values).toEqual(
      Array.from({ length: 10_000 }, (_, i) => ({ type: 'flush_confirmation', id: String(i) })),
    );
  });
});

describe('a client that does not read', () => {
  it('is reset when more than the maximum is buffered for it', async () => {
    await using fake = await startMockServer({ maxBufferedBytes: 100_000 });
    await using client = await openRaw(fake.urls.reson8.realtime, KEY);
    const session = await fake.nextSession();
    client.socket.pause();
    // Each answer is as long as its request; the operating system buffers a few megabytes.
    const request = frame(OPCODE.text, JSON.stringify({ type: 'flush_request', id: 'x'.repeat(900_000) }));
    for (let i = 0; i < 40; i++) client.write(request);
    await session.received('close');

    expect(session.closeCode).toBe(1006);
    // Most of the answers were never sent.
    expect(session.count('flush')).toBeLessThan(40);

    client.socket.resume();
    await client.ended;
    await expectHealthy(fake);
  });

  it('is also reset if it sends only pings', async () => {
    await using fake = await startMockServer({ maxBufferedBytes: 100_000 });
    await using client = await openRaw(fake.urls.reson8.realtime, KEY);
    const session = await fake.nextSession();
    client.socket.pause();
    const pings = Buffer.concat(Array.from({ length: 1000 }, () => frame(OPCODE.ping, 'x'.repeat(125))));
    for (let i = 0; i < 200; i++) client.write(pings);
    await session.received('close', { timeoutMs: 20_000 });

    await expectHealthy(fake);
  });

  it('for a while gets everything once it reads again', async () => {
    await using fake = await startMockServer();
    await using client = await openRaw(`${fake.urls.reson8.realtime}?${EVERYTHING}`, KEY);
    const session = await fake.nextSession();
    client.socket.pause();
    const speech = bursts(60_000);
    for (let at = 0; at < speech.length; at += 32_000) {
      client.write(frame(OPCODE.binary, speech.subarray(at, at + 32_000)));
    }
    client.write(frame(OPCODE.text, '{"type":"flush_request","id":"end"}'));
    await session.received('flush');
    client.socket.resume();
    const said: unknown[] = [];
    for (;;) {
      const message = JSON.parse((await client.nextFrame()).payload.toString()) as { type: string };
      if (message.type === 'flush_confirmation') break;
      said.push(message);
    }

    expect(said).toHaveLength(session.results);
    expect(finalsOf(said).length).toBeGreaterThan(5);
  });
});

describe('a client that sends nothing', () => {
  it('gets an error 15 seconds after it connects', async () => {
    await using fake = await startMockServer({ clock: 'manual' });
    await using client = connect(microphoneUrl(fake));
    await client.open;
    await client.settled();
    await fake.clock.advance(14_999);
    await client.settled();

    expect(client.values).toEqual([]);

    await fake.clock.advance(1);
    expect((await client.closed).code).toBe(1000);
    expect(client.values).toEqual([{ error: expect.stringMatching(/timeout/i) as string }]);
    expect(fake.clock.pending).toBe(0);
  });

  it('but start gets an error after 60 seconds', async () => {
    await using fake = await startMockServer({ clock: 'manual' });
    await using client = await microphone(fake);
    await fake.clock.advance(59_999);
    await client.settled();

    expect(client.rest()).toEqual([]);

    await fake.clock.advance(1);
    expect((await client.closed).code).toBe(1000);
    expect(client.rest().map(({ json }) => json)).toEqual([{ error: WORDS }]);
    expect(fake.clock.pending).toBe(0);
  });

  it('after its audio gets the results of it, and an error 60 seconds after the last audio', async () => {
    await using fake = await startMockServer({ clock: 'manual' });
    await using client = await microphone(fake);
    const session = await fake.nextSession();
    await fake.clock.advance(50_000);
    client.send(bursts(500));
    await session.received('audio');
    await fake.clock.advance(59_999);
    await client.settled();
    const values = () => client.rest().map(({ json }) => json as Record<string, unknown>);

    expect(values().filter(({ is_final }) => is_final !== false)).toEqual([]);

    await fake.clock.advance(1);
    expect((await client.closed).code).toBe(1000);
    expect(values()).toMatchObject([{ is_final: true }, { error: WORDS }]);
  });

  it('to Reson8 gets an error after 60 seconds, even if it sends a flush', async () => {
    await using fake = await startMockServer({ clock: 'manual' });
    await using client = dial(fake.urls.reson8.realtime);
    await client.open;
    await client.settled();
    await fake.clock.advance(59_000);
    flush(client, 'no audio');
    await confirmation(client);
    await fake.clock.advance(999);
    await client.settled();

    expect(client.messages).toHaveLength(1);

    await fake.clock.advance(1);
    expect((await client.closed).code).toBe(1008);
    expect(client.values.slice(1)).toEqual([{ type: 'error', code: 'INVALID_REQUEST', message: WORDS }]);
  });

  it('in stream mode gets an error if its source does not answer within 15 seconds', async () => {
    await using origin = await startOrigin({ '/hangs': () => undefined });
    await using fake = await startMockServer({ clock: 'manual' });
    await using client = stream(fake, `${origin.url}/hangs`);
    await client.next();
    const asked = await origin.asking();
    await fake.clock.advance(14_999);
    await client.settled();

    expect(client.rest()).toEqual([]);

    await fake.clock.advance(1);
    expect((await client.closed).code).toBe(1000);
    expect(client.rest().map(({ json }) => json)).toEqual([
      { error: expect.stringMatching(/timeout/i) as string },
    ]);
    // Nothing is fetched for a session that has ended.
    expect((await asked.ended).complete).toBe(false);
    expect(fake.clock.pending).toBe(0);
  });
});

describe('a client that is gone', () => {
  it('without a Close is disconnected when it misses a ping; one that answers pings is not', async () => {
    // The client that answers is in this process; this is long enough for it to answer on a busy machine.
    await using fake = await startMockServer({ pingMs: 1000 });
    // Neither reads nor answers, like a host that lost its network.
    await using dead = await openRaw(fake.urls.reson8.realtime, KEY);
    const session = await fake.nextSession();
    dead.socket.pause();
    await using living = dial(fake.urls.reson8.realtime);
    await living.open;
    await session.received('close');

    expect(session.closeCode).toBe(1006);

    await living.settled();
    expect(fake.sessions).toHaveLength(1);
    await expectHealthy(fake);
  });

  it('but still reads is disconnected when it misses a ping, too', async () => {
    await using fake = await startMockServer({ pingMs: 40 });
    await using mute = await openRaw(microphoneUrl(fake));
    expect((await mute.nextFrame()).opcode).toBe(OPCODE.ping);

    await mute.ended;
    const session = await fake.nextSession();
    await session.received('close');

    expect(session.closeCode).toBe(1006);
  });

  it('after a FIN, but still reads, ends the session immediately', async () => {
    await using fake = await startMockServer();
    for (const url of [fake.urls.reson8.realtime, microphoneUrl(fake)]) {
      await using client = await openRaw(url, KEY);
      const session = await fake.nextSession();
      client.socket.end();
      expect(await client.ended).toBe('fin');
      await session.received('close');
      expect(session.closeCode).toBe(1006);
    }

    expect(fake.clock.pending).toBe(0);
  });

  it('in the middle of a frame ends the session immediately', async () => {
    await using fake = await startMockServer();
    for (const end of ['fin', 'reset'] as const) {
      await using client = await openRaw(fake.urls.reson8.realtime, KEY);
      const session = await fake.nextSession();
      client.write(frame(OPCODE.binary, bursts(1000)).subarray(0, 20_000));
      if (end === 'fin') client.socket.end();
      else client.reset();
      await session.received('close');
      expect(session.closeCode).toBe(1006);
      expect(session.count('audio')).toBe(0);
    }

    await expectHealthy(fake);
  });

  it.each(['close', 'reset', 'fin'] as const)(
    'with a %s in the middle of its audio ends the session immediately',
    async (end) => {
      await using fake = await startMockServer({ clock: 'manual' });
      const speech = bursts(100);
      const burst = Buffer.concat(Array.from({ length: 300 }, () => frame(OPCODE.binary, speech)));
      for (let i = 0; i < 10; i++) {
        await using client = await openRaw(`${fake.urls.reson8.realtime}?${EVERYTHING}`, KEY);
        const session = await fake.nextSession();
        client.write(burst);
        if (end === 'close') client.write(closeFrame(1000));
        client.write(burst);
        if (end === 'fin') client.socket.end();
        if (end === 'reset') client.reset();
        await session.received('close');
      }

      expect([fake.sessions, fake.clock.pending]).toEqual([[], 0]);
    },
  );

  it('before the words of its language were loaded leaves nothing behind', async () => {
    await using fake = await startMockServer();
    // Each is the first with its language, so its session is waiting for words when it ends.
    const languages = ['nl', 'de', 'fr', 'es'];
    await Promise.all(
      languages.map(async (language) => {
        const client = await openRaw(microphoneUrl(fake, { language }));
        client.reset();
      }),
    );
    for (let i = 0; i < languages.length; i++) await (await fake.nextSession()).received('close');
    // Once these clients are answered, the languages are loaded, and nothing waits for them any longer.
    for (const language of languages) {
      await using client = await microphone(fake, { query: { language } });
      client.close();
      await client.closed;
    }
    for (const session of fake.sessions) await session.received('close');

    expect(fake.clock.pending).toBe(0);
  });

  it('after a Close, without waiting for the answer, ends the session', async () => {
    await using fake = await startMockServer();
    for (let i = 0; i < 20; i++) {
      const client = await openRaw(microphoneUrl(fake));
      client.socket.end(
        Buffer.concat([frame(OPCODE.text, '{"action":"start"}'), frame(OPCODE.close, '\u0003\u00e8')]),
      );
      await client.ended;
    }
    for (let i = 0; i < 20; i++) await (await fake.nextSession()).received('close');

    expect(fake.sessions).toEqual([]);
  });
});
