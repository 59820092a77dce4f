import { describe, expect, onTestFinished } from 'vitest';
import { fakeTest, test } from '../../src/vitest.ts';
import { realClock } from '../../src/runtime/clock.ts';
import type { Session } from '../../src/mock-server/open-session.ts';
import type { MockServer } from '../../src/mock-server/mock-server.ts';
import { silence } from '../support/audio.ts';
import { dial, flush } from '../support/reson8.ts';
import { connect } from '../support/clients/client.ts';
import { microphone, microphoneUrl } from '../support/scriptix/scriptix.ts';

/** The message with which an expectation fails. */
async function failureOf(expectation: Promise<void>): Promise<string> {
  const error: unknown = await expectation.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Error);
  return (error as Error).message;
}

/** A microphone session that has been started, with its client, which is closed at the end of the test. */
async function started(fake: MockServer) {
  const client = await microphone(fake);
  onTestFinished(() => client.terminate());
  const session = await fake.nextSession();
  return { client, session };
}

describe('the fixture', () => {
  const seen = new Set<string>();

  for (const time of ['first', 'second']) {
    test(`is a fake of its own for each test (${time})`, async ({ fake }) => {
      expect(fake.sessions).toEqual([]);
      expect(seen.has(fake.urls.url)).toBe(false);

      seen.add(fake.urls.url);
      await started(fake);
    });
  }

  test('was stopped after each test', async () => {
    expect(seen.size).toBe(2);
    for (const url of seen) await expect(fetch(url)).rejects.toThrow();
  });

  const paused = fakeTest({ clock: 'manual' });
  paused('takes options', async ({ fake }) => {
    await fake.clock.advance(1000);
    expect(fake.clock.now()).toBe(1000);
  });

  describe('in a describe block', () => {
    test.override({ fakeOptions: { keys: ['only-this'] } });

    test('takes options, too', async ({ fake }) => {
      await expect(microphone(fake)).rejects.toThrow('401');
    });
  });
});

describe('matchers wait for the messages', () => {
  test('of a microphone client', async ({ fake }) => {
    const { client, session } = await started(fake);
    const all = Promise.all([
      expect(session).toHaveReceivedStart(),
      expect(session).toHaveReceivedAudio(),
      expect(session).toHaveReceivedAudio({ ms: 500 }),
      expect(session).toHaveReceivedStop(),
      expect(session).toHaveReceivedFrame({ action: 'stop' }),
      expect(session).toHaveReceivedFrame('{"action":"stop"}'),
      expect(session).toHaveSent({ state: 'stopped' }),
      expect(session).toHaveSent({ state: expect.stringMatching(/^stop/) as string }),
      expect(session).toHaveClosedWith(1000),
    ]);
    await client.sendAudio(silence(500));
    client.send({ action: 'stop', more: true });
    client.send('{"action":"stop"}');
    await all;
  });

  test('of a Reson8 client', async ({ fake }) => {
    await using client = dial(fake.urls.reson8.realtime);
    await client.open;
    const session = await fake.nextSession();
    const all = Promise.all([
      expect(session).toHaveReceivedFlush(),
      expect(session).toHaveReceivedFlush('a'),
      expect(session).toHaveReceivedFlush(null),
      expect(session).toHaveSent({ type: 'flush_confirmation', id: 'a' }),
    ]);
    flush(client, 'a');
    flush(client);
    await all;

    await expect(session).not.toHaveReceivedFlush('b');
  });
});

type Expectation = (expected: ReturnType<typeof expect<Session>>) => Promise<void>;

const IN_VAIN: [name: string, expectation: Expectation, words: RegExp][] = [
  ['a start', (it) => it.toHaveReceivedStart({ timeoutMs: 20 }), /to have received start, waited 20 ms/],
  ['a stop', (it) => it.toHaveReceivedStop({ timeoutMs: 20 }), /to have received stop/],
  ['audio', (it) => it.toHaveReceivedAudio({ timeoutMs: 20 }), /to have received audio/],
  [
    'more audio',
    (it) => it.toHaveReceivedAudio({ ms: 9000, timeoutMs: 20 }),
    /to have received at least 9000 ms of audio/,
  ],
  ['a flush', (it) => it.toHaveReceivedFlush(undefined, { timeoutMs: 20 }), /to have received a flush/],
  [
    'a flush with an id',
    (it) => it.toHaveReceivedFlush('x', { timeoutMs: 20 }),
    /to have received the flush "x"/,
  ],
  ['a close', (it) => it.toHaveClosedWith(1000, { timeoutMs: 20 }), /to have closed with 1000/],
  [
    'a frame',
    (it) => it.toHaveReceivedFrame({ a: 1 }, { timeoutMs: 20 }),
    /to have received Object \{ "a": 1, \}/,
  ],
  ['a text', (it) => it.toHaveReceivedFrame('abc', { timeoutMs: 20 }), /to have received "abc"/],
  ['a message', (it) => it.toHaveSent({ b: 2 }, { timeoutMs: 20 }), /to have sent Object \{ "b": 2, \}/],
];

describe('matchers whose wait times out', () => {
  test.for(IN_VAIN)('for %s show what came instead', async ([, expectation, words], { fake }) => {
    await using client = dial(fake.urls.reson8.realtime);
    await client.open;
    client.send(JSON.stringify({ type: 'unheard of' }).slice(0, 1));
    const other = await fake.nextSession();
    const message = await failureOf(expectation(expect(other)));

    expect(message).toMatch(/^expected session s1 to/);
    expect(message.replace('; it ended with 1008', ', waited 20 ms')).toMatch(words);
    expect(message).toMatch(/\n +\d+\.\d ms {2}client {2}GET \/v1\/speech-to-text\/realtime/);
    expect(message).toMatch(/\n +\d+\.\d ms {2}server {2}HTTP 101/);
  });

  test('show the last twenty events', async ({ fake }) => {
    const { client, session } = await started(fake);
    for (let i = 0; i < 30; i++) {
      session.send(`line ${i}`);
      client.send(silence(20));
    }
    await client.settled();
    const message = await failureOf(expect(session).toHaveReceivedStop({ timeoutMs: 10 }));
    const events = message.split('\n').filter((line) => / ms {2}/.test(line));

    expect(events).toHaveLength(20);
    expect(message).toMatch(/\(\d+ events before\)/);
    expect(message).toContain('line 29');
  });

  test('do not wait for a session that has ended', async ({ fake }) => {
    const { client, session } = await started(fake);
    client.close(4001);
    await session.received('close');
    const clock = realClock();
    const message = await failureOf(expect(session).toHaveReceivedStop({ timeoutMs: 60_000 }));

    expect(clock.now()).toBeLessThan(30_000);
    expect(message).toContain('to have received stop; it ended with 4001');
  });

  test('reject a value that is not a session', async () => {
    const message = await failureOf(expect({ id: 's1' }).toHaveReceivedStart());
    expect(message).toContain('expected a session');
  });
});

describe('invalid options are refused', () => {
  test.for([
    ['a negative time', { timeoutMs: -1 }, 'timeoutMs: expected a number of milliseconds, 0 or more'],
    ['a time as text', { atLeastMs: '20' }, 'atLeastMs: expected a number of milliseconds, 0 or more'],
    ['an unknown option', { least: 20 }, 'least: unknown option; expected timeoutMs, ms, '],
    ['exactly, and at least', { exactlyMs: 20, atLeastMs: 20 }, 'exactlyMs: expected no other amount'],
    [
      'two options of the same meaning',
      { ms: 20, atLeastMs: 40 },
      'expected ms or atLeastMs, which mean the same',
    ],
    ['a minimum above the maximum', { ms: 40, atMostMs: 20 }, 'atMostMs: expected at least the 40 ms'],
  ] as const)('%s', async ([, options, words], { fake }) => {
    const { session } = await started(fake);
    const message = await failureOf(expect(session).toHaveReceivedAudio(options as object));

    expect(message).toContain(`toHaveReceivedAudio(): ${words}`);
  });

  test('by every matcher', async ({ fake }) => {
    const { session } = await started(fake);
    const wrong = { timeoutMs: NaN };

    expect(await failureOf(expect(session).not.toHaveClosedWith(1000, wrong))).toContain('timeoutMs');
    expect(await failureOf(expect(fake).toHaveRefused({}, wrong))).toContain('toHaveRefused(): timeoutMs');
  });
});

describe('the amount of audio', () => {
  const speak = async (fake: MockServer, ms: number) => {
    const { client, session } = await started(fake);
    await client.sendAudio(silence(ms));
    return { client, session };
  };

  test('is at least the given one as soon as that much has arrived', async ({ fake }) => {
    const { session } = await speak(fake, 300);

    await expect(session).toHaveReceivedAudio({ ms: 300 });
    await expect(session).toHaveReceivedAudio({ atLeastMs: 200 });
    await expect(session).not.toHaveReceivedAudio({ atLeastMs: 320 });
  });

  test('is at most or exactly the given one once the client has sent stop', async ({ fake }) => {
    const { client, session } = await speak(fake, 300);
    const all = Promise.all([
      expect(session).toHaveReceivedAudio({ exactlyMs: 500 }),
      expect(session).toHaveReceivedAudio({ atMostMs: 500, atLeastMs: 400 }),
    ]);
    await client.sendAudio(silence(200));
    client.send({ action: 'stop' });
    await all;
  });

  test('is too large as soon as there is more', async ({ fake }) => {
    const { session } = await speak(fake, 300);
    for (const amount of [{ exactlyMs: 100 }, { atMostMs: 100 }]) {
      const message = await failureOf(expect(session).toHaveReceivedAudio({ ...amount, timeoutMs: 60_000 }));
      expect(message).toMatch(/to have received (exactly|at most) 100 ms of audio\n/);
    }
  });

  test('is counted even if a scenario does not listen', async ({ fake }) => {
    await fake.setScenario('scriptix/loading-never-ends');
    await using client = connect(microphoneUrl(fake));
    await client.open;
    client.send(silence(400));

    await expect(fake.nextSession()).resolves.toMatchObject({ id: 's1' });
    await expect(fake.session('s1')).toHaveReceivedAudio({ atLeastMs: 400 });
  });
});

describe('a refused upgrade', () => {
  test('can be waited for and matched', async ({ fake }) => {
    const waiting = Promise.all([
      expect(fake).toHaveRefused({ status: 401, path: '/v2/realtime' }),
      expect(fake).toHaveRefused({ body: { detail: 'Not authenticated' } }),
      expect(fake).toHaveRefused(),
    ]);
    await expect(fake).not.toHaveRefused();
    await expect(microphone(fake, { query: { token: 'invalid-key' } })).rejects.toThrow('401');

    await waiting;
    await expect(fake).not.toHaveRefused({ status: 403 });
  });

  test('is shown if another one was expected', async ({ fake }) => {
    await expect(microphone(fake, { query: { token: 'invalid-key' } })).rejects.toThrow('401');

    const message = await failureOf(expect(fake).toHaveRefused({ status: 403 }, { timeoutMs: 20 }));
    expect(message).toMatch(
      /^expected the fake to have refused an upgrade as in Object \{ "status": 403, \}, waited 20 ms/,
    );
    expect(message).toContain('401 for GET /v2/realtime: {"detail":"Not authenticated"}');
    expect(message).not.toContain('invalid-key');
  });
});

describe('matchers with .not', () => {
  test('pass if it has not happened, immediately or for a while', async ({ fake }) => {
    const { session } = await started(fake);

    await expect(session).not.toHaveReceivedStop();
    await expect(session).not.toHaveReceivedAudio({ ms: 10, timeoutMs: 20 });
    await expect(session).not.toHaveClosedWith(1000);
    await expect(session).not.toHaveReceivedFrame({ action: 'stop' });
    await expect(session).not.toHaveReceivedFrame('{"action":"star');
    await expect(session).not.toHaveSent({ error: expect.any(String) as string });
  });

  test('fail if it has happened, or happens during the wait', async ({ fake }) => {
    const { client, session } = await started(fake);
    expect(await failureOf(expect(session).not.toHaveReceivedStart())).toMatch(
      /^expected session s1 not to have received start\n[^]*\{"action":"start"\}/,
    );

    const waiting = failureOf(expect(session).not.toHaveReceivedStop({ timeoutMs: 20_000 }));
    client.send({ action: 'stop' });
    expect(await waiting).toContain('not to have received stop');
  });
});
