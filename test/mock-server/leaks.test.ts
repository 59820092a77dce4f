import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Session } from '../../src/mock-server/open-session.ts';
import type { MockServerOptions } from '../../src/mock-server/options.ts';
import { startMockServer } from '../../src/mock-server/server.ts';
import type { MockServer } from '../../src/mock-server/mock-server.ts';
import { bursts, fixtureFile, silence } from '../support/audio.ts';
import { connect, type TestClient } from '../support/clients/client.ts';
import { body, startOrigin, type Origin } from '../support/programs/origin.ts';
import { closeCodeOf, connectRaw, frame, OPCODE, openRaw, upgradeRequest } from '../support/clients/raw.ts';
import { expectNoMoreThan, resources } from '../support/resources.ts';
import { dial, EVERYTHING, flush, KEY } from '../support/reson8.ts';
import { microphoneUrl, stream } from '../support/scriptix/scriptix.ts';

const SPEECH = bursts(700, 900, 300);

const strays: unknown[] = [];
const stray = (reason: unknown) => void strays.push(reason);
let origin: Origin;
beforeAll(async () => {
  process.on('unhandledRejection', stray);
  process.on('uncaughtException', stray);
  origin = await startOrigin({
    '/hangs': () => undefined,
    '/plays.mp3': body(fixtureFile('en-appointment.mp3'), 'audio/mpeg'),
  });
  // Loads what stays loaded: REST, decoders, languages.
  await using fake = await startMockServer();
  await everyKindOfLife(fake);
  await using rest = await connectRaw(fake.urls.url);
  rest.write('GET /api/v4/realtime/status HTTP/1.1\r\nHost: x\r\nx-zoom-s2t-key: k\r\n\r\n');
  expect((await rest.answer()).status).toBe(200);
});
afterAll(async () => {
  await origin[Symbol.asyncDispose]();
  process.off('unhandledRejection', stray);
  process.off('uncaughtException', stray);
});
beforeEach(() => strays.splice(0));

/** The kinds of connections, and what each client does at first. */
const LIVES: Readonly<Record<string, (fake: MockServer) => Promise<TestClient>>> = {
  async 'reson8, nothing said'(fake) {
    const client = dial(fake.urls.reson8.realtime);
    await client.open;
    return client;
  },
  async 'reson8, in the middle of speech'(fake) {
    const client = dial(fake.urls.reson8.realtime, EVERYTHING);
    await client.open;
    await client.sendAudio(SPEECH);
    await client.next();
    return client;
  },
  async 'reson8, just opened'(fake) {
    const client = connect(fake.urls.reson8.realtime, { protocols: ['bearer', 'token'] });
    await client.open;
    client.send(SPEECH);
    flush(client);
    return client;
  },
  async 'microphone, not started'(fake) {
    const client = connect(microphoneUrl(fake));
    await client.open;
    return client;
  },
  async 'microphone, in the middle of speech'(fake) {
    const client = connect(microphoneUrl(fake, { language: 'nl' }));
    await client.open;
    client.send({ action: 'start' });
    await client.sendAudio(SPEECH);
    await client.next();
    return client;
  },
  async 'stream, its source hangs'(fake) {
    const client = stream(fake, `${origin.url}/hangs`);
    await client.next();
    return client;
  },
  async 'stream, playing'(fake) {
    const client = stream(fake, `${origin.url}/plays.mp3`);
    await client.next(({ text }) => text.includes('listening'));
    return client;
  },
  async 'stream, refused'(fake) {
    const client = stream(fake, 'http://127.0.0.1:1/a.mp3');
    await client.open;
    return client;
  },
};

/** The ways in which a session can end. */
const ENDS: Readonly<Record<string, (client: TestClient, session: Session) => void>> = {
  'the client closes': (client) => client.close(),
  'the client closes without a code': (client) => client.socket.close(),
  'the client is killed': (client) => client.terminate(),
  'the client stops': (client) => client.send({ action: 'stop' }),
  'the client talks nonsense': (client) => client.send('nonsense'),
  'the client sends too much': (client) => client.send(silence(1000)),
  'the server closes': (_client, session) => session.close(4000),
  'the server says FIN': (_client, session) => session.abort('fin'),
  'the server says RST': (_client, session) => session.abort('reset'),
  'both at once'(client, session) {
    client.close();
    session.close();
  },
  'the server falls silent and the client gives up'(client, session) {
    session.abort('silence');
    client.terminate();
  },
};

/** Sessions of every kind that end in every way. Some kinds do not end in some ways; their clients are killed. */
async function everyKindOfLife(fake: MockServer): Promise<number> {
  let count = 0;
  for (const [life, live] of Object.entries(LIVES)) {
    for (const end of Object.values(ENDS)) {
      const client = await live(fake);
      const session = await fake.nextSession();
      end(client, session);
      // Some sessions are still open: a stream ignores text, for example, and Reson8 has no stop.
      if (life.startsWith('stream')) client.terminate();
      else client.close();
      await session.received('close');
      await client.closed;
      count += 1;
    }
  }
  return count;
}

/** Clients that get no session. */
async function everyKindOfRefusal(fake: MockServer): Promise<void> {
  const realtime = fake.urls.reson8.realtime;
  const refused = [
    connect(realtime),
    dial(realtime, 'encoding=mp3'),
    connect(`${fake.urls.url}/nothing`),
    connect(microphoneUrl(fake, { type: 'slow' })),
  ];
  for (const client of refused) {
    await client.refused;
    await client.closed;
  }
  for (const bytes of [
    '',
    'GET ',
    'nonsense\r\n\r\n',
    upgradeRequest(realtime, KEY),
    upgradeRequest(realtime),
  ]) {
    const reset = await connectRaw(fake.urls.url);
    reset.socket.write(bytes, () => reset.reset());
    const ended = await connectRaw(fake.urls.url);
    ended.socket.end(bytes);
    await Promise.all([reset.ended, ended.ended]);
    ended.reset();
  }
}

const SERVERS: readonly { readonly name: string; readonly options: MockServerOptions }[] = [
  { name: 'on a real clock', options: { maxFrameBytes: 30_000 } },
  { name: 'on a manual clock', options: { maxFrameBytes: 30_000, clock: 'manual' } },
  { name: 'on a fast clock', options: { maxFrameBytes: 30_000, speed: 50 } },
];

it.each(SERVERS)(
  'sessions of every kind that end in every way leave nothing behind ($name)',
  async ({ name, options }) => {
    const before = resources();
    const fake = await startMockServer(options);
    const listening = { ...before, TCPServerWrap: (before['TCPServerWrap'] ?? 0) + 1 };
    // Streams play at the pace of the clock, so on one that stands still they would never begin.
    const clock = name === 'on a manual clock' ? advancing(fake) : undefined;
    const count = await everyKindOfLife(fake);
    await everyKindOfRefusal(fake);
    clock?.abort();

    expect(count).toBeGreaterThan(80);

    // The connections of clients that left right after their upgrade may not have ended yet.
    for (const session of fake.sessions) await session.received('close');
    expect(fake.sessions).toEqual([]);
    expect(fake.clock.pending).toBe(0);
    await expectNoMoreThan(listening);

    await fake.stop();
    await expectNoMoreThan(before);
    expect(strays).toEqual([]);
  },
);

it('many sessions at the same time leave nothing behind', async () => {
  const before = resources();
  const fake = await startMockServer({ maxFrameBytes: 30_000 });
  for (let round = 0; round < 3; round++) await crowd(fake);

  expect(fake.sessions).toEqual([]);
  expect(fake.clock.pending).toBe(0);

  await fake.stop();
  await expectNoMoreThan(before);
  expect(strays).toEqual([]);
});

it('a server that stops during sessions of every kind closes them with 1001 and leaves nothing behind', async () => {
  const before = resources();
  const fake = await startMockServer();
  const clients = await Promise.all(
    Object.entries(LIVES)
      .filter(([life]) => life !== 'stream, refused')
      .flatMap(([, live]) => Array.from({ length: 5 }, () => live(fake))),
  );
  await fake.stop();
  for (const client of clients) expect(await client.closed).toEqual({ code: 1001, reason: '' });

  expect(fake.sessions).toEqual([]);
  expect(fake.clock.pending).toBe(0);
  await expectNoMoreThan(before);
  expect(strays).toEqual([]);
});

it('a server stops even if its clients do not cooperate, and stopping it again has no effect', async () => {
  const before = resources();
  const fake = await startMockServer({ headersTimeoutMs: 60_000 });
  const { realtime } = fake.urls.reson8;
  // Neither reads nor answers, with more to read than the operating system takes.
  const deaf = await openRaw(realtime, KEY);
  deaf.socket.pause();
  const request = frame(OPCODE.text, JSON.stringify({ type: 'flush_request', id: 'x'.repeat(900_000) }));
  for (let i = 0; i < 8; i++) deaf.write(request);
  // Reads and never answers.
  const mute = await openRaw(microphoneUrl(fake));
  // Answers with another message instead of a Close.
  const stubborn = await openRaw(realtime, KEY);
  stubborn.socket.on('data', () => stubborn.write(frame(OPCODE.text, '{"type":"flush_request"}')));
  // In the middle of a frame, in the middle of a request, and before sending anything.
  const slow = await openRaw(realtime, KEY);
  slow.write(frame(OPCODE.binary, SPEECH).subarray(0, 5000));
  const request2 = await connectRaw(fake.urls.url);
  request2.write('POST /api/v4/realtime/initialize HTTP/1.1\r\nHost: x\r\n');
  const nothing = await connectRaw(fake.urls.url);
  // Keeps its connection open for another request.
  const keeping = await connectRaw(fake.urls.url);
  keeping.write('GET /api/v4/realtime/status HTTP/1.1\r\nHost: x\r\nx-zoom-s2t-key: k\r\n\r\n');

  expect((await keeping.answer()).status).toBe(200);

  // Its session has been aborted with silence.
  const silenced = await openRaw(realtime, KEY);
  for (let i = 0; i < 5; i++) {
    const session = await fake.nextSession();
    if (i === 4) session.abort('silence');
  }
  // Behaves well.
  const polite = dial(realtime);
  await polite.open;

  const stopping = fake.stop();

  expect(fake.stop()).toBe(stopping);
  expect((await polite.closed).code).toBe(1001);
  expect(closeCodeOf(await mute.nextFrame())).toBe(1001);

  await stopping;
  await fake.stop();
  expect(fake.sessions).toEqual([]);
  expect(fake.clock.pending).toBe(0);

  for (const client of [deaf, mute, stubborn, slow, request2, nothing, keeping, silenced]) {
    client.socket.resume();
    await client.ended;
    await client[Symbol.asyncDispose]();
  }
  await expectNoMoreThan(before);
  expect(strays).toEqual([]);
});

it('a server that stops while its clients are still opening leaves nothing behind', async () => {
  const before = resources();
  for (let turns = 0; turns < 12; turns++) {
    const fake = await startMockServer();
    // The first client with a language waits for its words.
    const clients = ['en', 'nl', 'de'].map((language) => connect(microphoneUrl(fake, { language })));
    clients.push(
      stream(fake, `${origin.url}/hangs`, { query: { language: 'fr' } }),
      dial(fake.urls.reson8.realtime),
    );
    const settled = Promise.allSettled(clients.map(({ closed }) => closed));
    for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
    await fake.stop();
    await settled;
    expect(fake.sessions).toEqual([]);
    expect(fake.clock.pending).toBe(0);
  }

  await expectNoMoreThan(before);
  expect(strays).toEqual([]);
});

it('a server that stops while its service is starting does not wait for it', async () => {
  const before = resources();
  const fake = await startMockServer({ service: { status: 'scaled_down', startMs: 60_000 } });
  await using client = await connectRaw(fake.urls.url);
  const headers = 'Host: x\r\nx-zoom-s2t-key: k\r\n';
  client.write(`POST /api/v4/realtime/initialize HTTP/1.1\r\n${headers}Content-Length: 0\r\n\r\n`);
  await using other = await connectRaw(fake.urls.url);
  for (let status = ''; !status.includes('"starting"');) {
    other.write(`GET /api/v4/realtime/status HTTP/1.1\r\n${headers}\r\n`);
    status = (await other.answer()).body;
  }

  expect(fake.clock.pending).toBe(1);

  await fake.stop();
  expect(fake.clock.pending).toBe(0);

  await Promise.all([client.ended, other.ended]);
  await expectNoMoreThan(before);
  expect(strays).toEqual([]);
});

/** Clients of every kind with every end, all at once. The server's part of an end affects the session of another client. */
async function crowd(fake: MockServer): Promise<void> {
  const kinds = Object.values(LIVES);
  const clients = await Promise.all(
    kinds.flatMap((live) => Object.values(ENDS).map(async (end) => ({ end, client: await live(fake) }))),
  );
  const { sessions } = fake;
  for (const [i, { end, client }] of clients.entries()) {
    const session = sessions[(i * 7) % sessions.length];
    if (session !== undefined) end(client, session);
  }
  await new Promise((resolve) => setImmediate(resolve));
  for (const { client } of clients) client.terminate();
  for (const session of fake.sessions) await session.received('close');
}

/** Advances a manual clock in steps of 20 ms until it is stopped. */
function advancing(fake: MockServer): AbortController {
  const running = new AbortController();
  void (async () => {
    while (!running.signal.aborted) await fake.clock.advance(20);
  })();
  return running;
}
