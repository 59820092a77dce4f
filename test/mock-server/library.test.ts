import { describe, expect, it } from 'vitest';
import { startMockServer } from '../../src/mock-server/server.ts';
import { UserError } from '../../src/runtime/errors.ts';
import { bursts, silence } from '../support/audio.ts';
import { connect } from '../support/clients/client.ts';
import { closeCodeOf, frame, OPCODE, openRaw } from '../support/clients/raw.ts';
import { freePort } from '../support/programs/free-port.ts';
import { confirmation, dial, EVERYTHING, flush, KEY } from '../support/reson8.ts';
import { microphone, microphoneUrl, stream } from '../support/scriptix/scriptix.ts';

describe('sessions', () => {
  it('are listed while their connections are open, in the order in which they connected', async () => {
    await using fake = await startMockServer();
    expect(fake.sessions).toEqual([]);

    await using first = dial(fake.urls.reson8.realtime);
    await first.open;
    await using second = await microphone(fake, { query: { language: 'nl' } });
    await using third = stream(fake, 'http://127.0.0.1:9/a.mp3', { query: { language: 'de' } });
    await third.open;
    const about = fake.sessions.map(({ id, life, language, isOpen }) => ({ id, life, language, isOpen }));

    expect(about).toEqual([
      { id: 's1', life: 'reson8-realtime', language: undefined, isOpen: true },
      { id: 's2', life: 'scriptix-microphone', language: 'nl', isOpen: true },
      { id: 's3', life: 'scriptix-stream', language: 'de', isOpen: true },
    ]);

    const [session] = fake.sessions;
    first.close(4000);
    await session?.received('close');

    expect([session?.isOpen, session?.closeCode]).toEqual([false, 4000]);
    expect(fake.sessions.map(({ id }) => id)).not.toContain('s1');

    second.terminate();
    third.terminate();
  });

  it('are handed out once, oldest first, whether they were asked for before or after they connected', async () => {
    await using fake = await startMockServer();
    const asked = [fake.nextSession(), fake.nextSession()];
    const clients = [];
    for (let i = 0; i < 4; i++) {
      const client = dial(fake.urls.reson8.realtime);
      await client.open;
      clients.push(client);
    }
    const later = [fake.nextSession(), fake.nextSession()];
    const ids = await Promise.all([...asked, ...later].map(async (session) => (await session).id));

    expect(ids).toEqual(['s1', 's2', 's3', 's4']);

    for (const client of clients) client.terminate();
  });

  it('are handed out even if they have ended in the meantime', async () => {
    await using fake = await startMockServer();
    await using client = dial(fake.urls.reson8.realtime);
    await client.open;
    client.close();
    await client.closed;
    const session = await fake.nextSession();
    await session.received('close');

    expect([session.isOpen, session.closeCode]).toEqual([false, 1000]);
  });

  it('are no longer waited for when the server stops', async () => {
    const fake = await startMockServer();
    const waiting = Promise.allSettled([fake.nextSession(), fake.nextSession()]);
    await fake.stop();
    const settled = [...(await waiting), ...(await Promise.allSettled([fake.nextSession()]))];

    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  });

  it('count the audio and the results', async () => {
    await using fake = await startMockServer();
    await using client = dial(fake.urls.reson8.realtime, EVERYTHING);
    const [session] = await Promise.all([fake.nextSession(), client.open]);

    expect([session.audioMs, session.results]).toEqual([0, 0]);

    await client.sendAudio(bursts(1000, 1000));
    await client.settled();
    expect(session.audioMs).toBe(2000);
    expect(session.results).toBe(client.messages.length);
    expect(session.results).toBe(6);

    // Results that a client did not ask for are not sent and do not count.
    await using quiet = dial(fake.urls.reson8.realtime);
    const [other] = await Promise.all([fake.nextSession(), quiet.open]);
    await quiet.sendAudio(bursts(1000, 1000));
    await quiet.settled();

    expect([other.results, quiet.messages.length]).toEqual([1, 1]);
  });
});

describe('received', () => {
  it('waits until the client has done something, or has done it a number of times', async () => {
    await using fake = await startMockServer();
    await using client = connect(microphoneUrl(fake));
    const session = await fake.nextSession();
    const done: string[] = [];
    const watch = async (what: Parameters<typeof session.received>[0], count?: number) => {
      await session.received(what, count === undefined ? {} : { count });
      done.push(`${what} ${count ?? 1}`);
    };
    const all = [watch('start'), watch('audio', 3), watch('audio'), watch('stop'), watch('close')];
    await client.open;
    client.send({ action: 'start' });
    for (let i = 0; i < 3; i++) client.send(silence(20));
    client.send({ action: 'stop' });
    await Promise.all(all);

    expect(done).toEqual(['start 1', 'audio 1', 'audio 3', 'stop 1', 'close 1']);
    expect([session.count('audio'), session.count('flush'), session.count('close')]).toEqual([3, 0, 1]);

    // It does not wait for what has already happened.
    await session.received('audio', { count: 2 });
  });

  it('waits for flushes and for unreadable messages', async () => {
    await using fake = await startMockServer();
    await using client = dial(fake.urls.reson8.realtime);
    const [session] = await Promise.all([fake.nextSession(), client.open]);
    flush(client);
    flush(client);
    client.send('nonsense');
    await Promise.all([session.received('flush', { count: 2 }), session.received('unreadable')]);
  });

  it.each(['real', 'manual'] as const)(
    'rejects with what came instead, after real time even on a %s clock',
    async (clock) => {
      await using fake = await startMockServer({ clock });
      await using client = dial(fake.urls.reson8.realtime);
      const [session] = await Promise.all([fake.nextSession(), client.open]);
      client.send(silence(20));
      client.send(silence(20));
      flush(client);
      await confirmation(client);

      await expect(session.received('flush', { count: 3, timeoutMs: 30 })).rejects.toThrow(
        /s1 .*flush.* 3x within 30 ms.*: audio 2, flush 1$/,
      );
      await expect(session.received('stop', { timeoutMs: 0 })).rejects.toThrow(/stop/);
    },
  );

  it('rejects at the end of a session, and after it', async () => {
    await using fake = await startMockServer();
    await using client = dial(fake.urls.reson8.realtime);
    const [session] = await Promise.all([fake.nextSession(), client.open]);
    const waiting = expect(session.received('flush')).rejects.toThrow(
      /s1 ended with 4321 .*flush.*: close 1$/,
    );
    client.close(4321);
    await waiting;

    await expect(session.received('audio')).rejects.toThrow(/audio.*4321.*: close 1$/);

    await session.received('close');
  });

  it('leaves no timer behind', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    await using fake = await startMockServer({ clock: 'manual' });
    await using client = dial(fake.urls.reson8.realtime);
    const [session] = await Promise.all([fake.nextSession(), client.open]);
    const before = timers();
    const waits = Array.from({ length: 20 }, () => [
      session.received('flush'),
      session.received('audio', { timeoutMs: 60_000 }),
    ]).flat();

    // The server and the client have timers of their own, which may fire in the meantime.
    expect(timers()).toBeGreaterThan(before + 30);

    flush(client);
    client.send(silence(20));
    await Promise.all(waits);

    expect(timers()).toBeLessThanOrEqual(before);
  });
});

describe('time', () => {
  it('cannot be advanced unless the clock is manual', async () => {
    await using fake = await startMockServer();
    await expect(fake.clock.advance(1)).rejects.toThrow(UserError);
    await expect(fake.clock.advance(1)).rejects.toThrow("clock: 'manual'");
  });

  it('stands still on a manual clock until it is advanced', async () => {
    await using fake = await startMockServer({ clock: 'manual' });
    expect(fake.clock.now()).toBe(0);

    await fake.clock.advance(1234.5);
    expect(fake.clock.now()).toBe(1234.5);

    const due: number[] = [];
    fake.clock.at(2000, () => due.push(fake.clock.now()));
    fake.clock.at(1500, () => due.push(fake.clock.now()));
    const cancel = fake.clock.at(1800, () => due.push(NaN));
    cancel();

    expect(fake.clock.pending).toBe(2);

    await fake.clock.advance(1000);
    expect(due).toEqual([1500, 2000]);
    expect([fake.clock.now(), fake.clock.pending]).toEqual([2234.5, 0]);
  });

  it('runs faster with speed, except for the waits of tests', async () => {
    await using fake = await startMockServer({ speed: 1000 });
    await using client = connect(microphoneUrl(fake));

    // A client has 15 seconds to send start, which take 15 ms.
    expect((await client.closed).code).toBe(1000);
    expect(client.values).toEqual([{ error: expect.stringMatching(/15 seconds/) as string }]);
    expect(fake.clock.now()).toBeGreaterThanOrEqual(15_000);
  });
});

describe('addresses', () => {
  it('name all endpoints on a free port', async () => {
    await using fake = await startMockServer();
    const { port, hostname, protocol } = new URL(fake.urls.url);
    expect(Number(port)).toBeGreaterThan(0);
    expect([protocol, hostname]).toEqual(['http:', '127.0.0.1']);

    const ws = `ws://127.0.0.1:${port}`;
    expect(fake.urls).toEqual({
      url: `http://127.0.0.1:${port}`,
      scriptix: {
        realtime: `${ws}/v2/realtime`,
        stream: `${ws}/v2/client/{token}`,
        api: `http://127.0.0.1:${port}/api/v4/realtime`,
      },
      reson8: {
        realtime: `${ws}/v1/speech-to-text/realtime`,
        turns: `${ws}/v1/speech-to-text/turns`,
        api: `http://127.0.0.1:${port}/v1`,
        token: `http://127.0.0.1:${port}/v1/auth/token`,
        prerecorded: `http://127.0.0.1:${port}/v1/speech-to-text/prerecorded`,
      },
      control: `http://127.0.0.1:${port}/__understudy`,
      page: `http://127.0.0.1:${port}/__understudy/`,
    });
  });

  it.each(['0.0.0.0', 'localhost'])('can be connected to if the server listens on %s', async (host) => {
    await using fake = await startMockServer({ host });
    await using client = dial(fake.urls.reson8.realtime);
    await client.open;
  });

  it('of a server with TLS are wss and https', async () => {
    await using fake = await startMockServer({ tls: true });
    expect(fake.urls.url).toMatch(/^https:/);
    expect(fake.urls.reson8.realtime).toMatch(/^wss:/);

    await using client = connect(fake.urls.reson8.realtime, { headers: KEY, rejectUnauthorized: false });
    await client.open;
    const session = await fake.nextSession();
    session.abort('reset');

    expect((await client.closed).code).toBe(1006);
  });
});

describe('stop', () => {
  it('closes every connection with 1001 and accepts no more', async () => {
    const fake = await startMockServer({ port: await freePort() });
    const clients = [
      dial(fake.urls.reson8.realtime),
      await microphone(fake),
      connect(microphoneUrl(fake)),
      stream(fake, 'http://127.0.0.1:9/a.mp3'),
    ];
    await Promise.all(clients.slice(0, 3).map((client) => client.open));
    clients.pop()?.terminate();
    const stopped = Promise.all([fake.stop(), fake.stop(), fake[Symbol.asyncDispose]()]);

    expect(await Promise.all(clients.map(({ closed }) => closed))).toEqual(
      clients.map(() => ({ code: 1001, reason: '' })),
    );

    await stopped;
    await fake.stop();
    await expect(openRaw(fake.urls.reson8.realtime, KEY)).rejects.toThrow(/ECONNREFUSED/);
  });

  it('sends Close 1001, and ends TCP after the answer', async () => {
    const fake = await startMockServer();
    await using client = await openRaw(fake.urls.reson8.realtime, KEY);
    const stopping = fake.stop();
    const close = await client.nextFrame();

    expect([close.opcode, closeCodeOf(close)]).toEqual([OPCODE.close, 1001]);

    client.write(frame(OPCODE.close, close.payload));
    expect(await client.ended).toBe('fin');

    await stopping;
  });
});

// A test in JavaScript has no compiler. Some of these were accepted, some waited for five seconds, some were a TypeError.
describe('arguments that mean nothing', () => {
  it('are refused by the methods of a session', async () => {
    await using fake = await startMockServer();
    await using client = connect(`${fake.urls.scriptix.realtime}?token=t`);
    await client.open;
    const session = await fake.nextSession();
    const loose = session as unknown as Record<string, (...given: unknown[]) => unknown>;

    await expect(loose['received']?.('strat')).rejects.toThrow(
      'received(): expected start, audio, flush, stop, close, frame or unreadable, got "strat"',
    );
    expect(() => loose['count']?.(undefined)).toThrow(/^count\(\): expected start.* got nothing$/);
    for (const message of [undefined, 1n, () => 1]) {
      expect(() => loose['send']?.(message)).toThrow(
        /^send\(\): expected bytes, a text or something that JSON/,
      );
    }
    expect(() => loose['close']?.(1006)).toThrow(/^close\(\): expected a code that can be sent.* got 1006$/);
    expect(() => loose['close']?.('4000')).toThrow(/^close\(\): expected a code.* got a text$/);
    expect(() => loose['close']?.(4000, 'x'.repeat(124))).toThrow(
      /^close\(\): expected a reason of at most 123/,
    );
    expect(() => loose['abort']?.('rest')).toThrow('abort(): expected fin, reset or silence, got "rest"');
    expect(session.isWritable).toBe(true);

    session.close();
    expect((await client.closed).code).toBe(1000);
    // Nothing is sent any more, but what cannot be sent is still a mistake.
    expect(() => loose['send']?.(undefined)).toThrow(UserError);
  });

  it('are refused by the service and by verify()', async () => {
    await using fake = await startMockServer();

    expect(() => fake.service.set('reday' as never)).toThrow(
      'service.set(): expected ready, scaled_down or starting, got "reday"',
    );
    expect(() => fake.service.set('ready', 'fails' as never)).toThrow(/^service\.set\(\): expected starts/);
    expect(fake.service.status).toBe('ready');
    await expect(
      fake.verify([{ of: 'strat' as never }, { of: 'start', atLeast: '2' as never }, { open: 1 as never }]),
    ).rejects.toThrow(
      /^verify\(\): 0\.of: expected start.* got "strat"\nverify\(\): 1\.atLeast: expected a whole number from 0, got a text\nverify\(\): 2\.open: expected true or false, got a number$/,
    );
  });
});
