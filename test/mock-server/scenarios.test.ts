import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer, connect as dial } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServerEvent } from '../../src/mock-server/events.ts';
import { startMockServer } from '../../src/mock-server/server.ts';
import { readReplay } from '../../src/scenario/replay/replay.ts';
import { encodeEvent, encodeHeader } from '../../src/wire/trace-file.ts';
import type { TraceFact } from '../../src/wire/trace.ts';
import type { MockServer } from '../../src/mock-server/mock-server.ts';
import { connect } from '../support/clients/client.ts';
import { microphoneUrl } from '../support/scriptix/scriptix.ts';

let folder: string;

const says = (text: string) =>
  `dialect: scriptix\nsummary: says ${text}\nserver: [{ send: { it: ${text} } }, close]\n`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'understudy-scenarios-'));
  await mkdir(join(folder, 'reson8'));
  for (const name of ['one', 'two', 'three', 'four', 'five']) {
    await writeFile(join(folder, `${name}.yaml`), says(name));
  }
  await writeFile(
    join(folder, 'reson8', 'one.yaml'),
    'dialect: reson8\nsummary: says one, too\nserver: [{ send: { it: reson8 } }, close]\n',
  );
  for (const since of ['server', 'connection']) {
    const steps = `[{ wait: { until: 30s, since: ${since} } }, { send: { it: now } }, close]`;
    const text = `dialect: scriptix\nsummary: says it at 30 s\nserver: ${steps}\n`;
    await writeFile(join(folder, `since-${since}.yaml`), text);
  }
  await writeFile(
    join(folder, 'attempts.yaml'),
    [
      'dialect: scriptix',
      'summary: two failures, then a life',
      'server:',
      '  attempts:',
      '    - handshake: { status: 503, headers: { retry-after: "1" }, body: { detail: later } }',
      '    - handshake: drop',
      '    - [{ send: { it: third } }, close]',
    ].join('\n'),
  );
  for (const [name, handshake] of Object.entries({
    hangs: 'hang',
    drops: 'drop',
    resets: 'reset',
    cut: 'unreachable',
    later: '{ after: 5s }',
    refusesLater: '{ status: 503, after: 5s }',
    text: '{ status: 401, body: "no", headers: { x-error-message: none of that } }',
    extra: '{ headers: { x-served-by: me } }',
  })) {
    const file = `${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.yaml`;
    await writeFile(
      join(folder, file),
      `dialect: scriptix\nsummary: ${name}\nserver: { handshake: ${handshake}, steps: [close] }\n`,
    );
  }
  await writeFile(
    join(folder, 'rest.yaml'),
    [
      'dialect: scriptix-rest',
      'summary: a service of its own',
      'server:',
      '  service: scaled-down',
      '  start-time: 3s',
      '  status: [as-documented, { status: 500, body: { detail: broken } }, { after: 4s }, as-documented]',
    ].join('\n'),
  );
});

afterAll(() => rm(folder, { recursive: true }));

const serve = (options: Parameters<typeof startMockServer>[0] = {}) =>
  startMockServer({ scenarios: [folder], ...options });

async function hears(
  fake: MockServer,
  query: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<unknown> {
  await using client = connect(microphoneUrl(fake, query), { headers });
  return (await client.next()).json;
}

/** Connects without a library, so that FIN and RST can be told apart. */
async function rawEnd(fake: MockServer, path: string): Promise<string> {
  const { port } = new URL(fake.urls.url);
  const socket = dial(Number(port), '127.0.0.1');
  const seen = new Promise<string>((resolve) => {
    let answer = '';
    socket.on('data', (data) => (answer += data.toString()));
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    socket.on('end', () => resolve(`${answer.split('\r\n')[0] ?? ''}FIN`));
  });
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
  );
  const end = await seen;
  socket.destroy();
  return end;
}

describe('an assignment', () => {
  it('of an unknown scenario is refused with the name that may have been meant', async () => {
    await using fake = await startMockServer();
    expect(() => {
      fake.assign('alice', 'hapy-path');
    }).toThrow(/^assign\(\): .*"hapy-path"; did you mean "happy-path"\?/);
    // Names with a dialect used to be compared with names without one.
    expect(() => {
      fake.assign('mine', 'reson8/hapy-path');
    }).toThrow('"reson8/hapy-path"; did you mean "reson8/happy-path"?');
  });
});

describe('a scenario is selected', () => {
  it('by the query before the header, the header before the token, the token before the default', async () => {
    await using fake = await serve({ scenario: 'four' });
    const header = { 'x-understudy-scenario': 'two' };

    expect(await hears(fake, { token: 'three', scenario: 'one' }, header)).toEqual({ it: 'one' });
    expect(await hears(fake, { token: 'three' }, header)).toEqual({ it: 'two' });
    expect(await hears(fake, { token: 'three' })).toEqual({ it: 'three' });
    expect(await hears(fake, { token: 'anything' })).toEqual({ it: 'four' });
  });

  it('by its name, for the dialect of the connection', async () => {
    await using fake = await serve();
    await using client = connect(fake.urls.reson8.realtime, { headers: { authorization: 'ApiKey one' } });
    expect((await client.next()).json).toEqual({ it: 'reson8' });
  });

  it('by default for every dialect that has it, or for one of them only', async () => {
    await using both = await serve({ scenario: 'one' });
    expect(await hears(both, {})).toEqual({ it: 'one' });

    await using other = await serve({ scenario: ['reson8/one', join(folder, 'five.yaml')] });
    expect(await hears(other, {})).toEqual({ it: 'five' });
  });

  // Of two for one dialect, the later one used to win without notice.
  it('by default in favour of a name with its dialect; two equally specific ones for one dialect are refused', async () => {
    for (const scenario of [
      ['one', join(folder, 'five.yaml'), 'reson8/happy-path'],
      ['reson8/happy-path', join(folder, 'five.yaml'), 'one', 'one'],
    ]) {
      await using fake = await serve({ scenario });
      expect(await hears(fake, {})).toEqual({ it: 'five' });
    }

    await expect(serve({ scenario: ['one', 'reson8/happy-path', 'four'] })).rejects.toThrow(
      /^scenario: one and four are both for scriptix; expected one for each dialect, such as scriptix\/NAME$/,
    );
    const [five, two] = [join(folder, 'five.yaml'), join(folder, 'two.yaml')];
    await expect(serve({ scenario: [five, two] })).rejects.toThrow(
      `${five} and ${two} are both for scriptix`,
    );
    await expect(serve({ scenario: ['drop-mid-word', 'interims'] })).rejects.toThrow(
      'drop-mid-word and interims are both for ',
    );
  });

  it('unless its name is unknown, which is refused with the one that may have been meant', async () => {
    await using fake = await serve();
    await using client = connect(microphoneUrl(fake, { scenario: 'thre' }));
    const { status, body } = await client.refused;

    expect(status).toBe(400);
    expect(body).toContain('did you mean \\"three\\"');
    await expect(serve({ scenario: 'fuor' })).rejects.toThrow('did you mean "four"');
    await expect(serve({ scenario: '../../etc/passwd' })).rejects.toThrow('there is none named');
    await expect(serve({ scenario: join(folder, 'gone.yaml') })).rejects.toThrow('ENOENT');
  });

  it('with one attempt after another for each token, of which the last one is repeated', async () => {
    await using fake = await serve();
    const attempt = async (token: string) => {
      await using client = connect(microphoneUrl(fake, { token, scenario: 'attempts' }));
      const refused = await client.refused.catch(() => undefined);
      if (refused !== undefined) return `${refused.status} ${String(refused.headers['retry-after'])}`;
      return await client.next().then(
        ({ text }) => text,
        () => 'dropped',
      );
    };

    expect(await attempt('a')).toBe('503 1');
    expect(await attempt('a')).toBe('dropped');
    expect(await attempt('b')).toBe('503 1');
    expect(await attempt('a')).toBe('{"it":"third"}');
    expect(await attempt('a')).toBe('{"it":"third"}');
  });
});

describe('a handshake', () => {
  it.each([
    ['drops', 'FIN'],
    ['resets', 'ECONNRESET'],
    ['text', 'HTTP/1.1 401 UnauthorizedFIN'],
  ])('that %s ends with %s', async (name, end) => {
    await using fake = await serve();
    expect(await rawEnd(fake, `/v2/realtime?token=t&scenario=${name}`)).toBe(end);
  });

  it('can be answered with a text and with headers', async () => {
    await using fake = await serve();
    await using client = connect(microphoneUrl(fake, { scenario: 'text' }));
    const { headers, body } = await client.refused;

    expect([headers['x-error-message'], headers['content-type'], body]).toEqual([
      'none of that',
      'text/plain; charset=utf-8',
      'no',
    ]);

    await using open = connect(microphoneUrl(fake, { scenario: 'extra' }));
    await open.open;
    expect(open.headers['x-served-by']).toBe('me');
  });

  it('can hang until the client or the server ends it', async () => {
    const fake = await serve({ maxSessions: 1 });
    const client = connect(microphoneUrl(fake, { scenario: 'hangs' }));
    // It counts towards the limit of connections until it ends.
    await expect.poll(() => rawEnd(fake, '/v2/realtime?token=t')).toContain('503');

    client.terminate();
    await expect.poll(() => hears(fake, { scenario: 'one' }).catch(() => undefined)).toEqual({ it: 'one' });

    const other = connect(microphoneUrl(fake, { scenario: 'hangs' }));
    await expect.poll(() => rawEnd(fake, '/v2/realtime?token=t')).toContain('503');

    await fake.stop();
    expect((await other.closed).code).toBe(1006);
  });

  it('can be delayed in scenario time, whether it is a 101 or a refusal', async () => {
    await using fake = await serve({ clock: 'manual' });
    await using late = connect(microphoneUrl(fake, { scenario: 'later' }));
    await using refused = connect(microphoneUrl(fake, { scenario: 'refuses-later' }));

    await expect.poll(() => fake.clock.pending).toBe(2);

    await fake.clock.advance(4999);
    expect([late.hasEnded, fake.sessions.length]).toEqual([false, 0]);

    await fake.clock.advance(1);
    await late.open;
    expect((await refused.refused).status).toBe(503);
  });

  it('is not answered if the scenario of the server makes it unreachable', async () => {
    await using fake = await serve({ scenario: 'cut' });
    expect(await rawEnd(fake, '/v2/realtime?token=t')).toBe('ECONNRESET');
    await expect(fetch(`${fake.urls.scriptix.api}/status`)).rejects.toThrow();
  });
});

describe('a script that begins with a stall', () => {
  it('stays stalled when the words of its connection are loaded', async () => {
    await writeFile(
      join(folder, 'stalled.yaml'),
      'dialect: scriptix\nsummary: reads nothing\nserver: [stall]\n',
    );
    await using fake = await startMockServer({ scenarios: [folder] });
    await using stalled = connect(microphoneUrl(fake, { scenario: 'stalled' }));
    await stalled.open;
    const session = await fake.nextSession();
    stalled.send({ action: 'start' });
    // The words are loaded for both at once, first for the stalled connection; these answers come later.
    await using other = connect(microphoneUrl(fake));
    await other.open;
    other.send({ action: 'start' });
    await other.next(({ text }) => text.includes('listening'));
    await other.settled();

    expect([session.count('start'), session.count('frame')]).toEqual([0, 0]);
  });
});

describe('the REST API in a scenario', () => {
  const call = async (fake: MockServer, key: string) => {
    const response = await fetch(`${fake.urls.scriptix.api}/status?scenario=rest`, {
      headers: { 'x-zoom-s2t-key': key },
    });
    return `${response.status} ${JSON.stringify(await response.json())}`;
  };

  it('gives its answers in turn to each token', async () => {
    await using fake = await serve({ clock: 'manual' });
    expect(await call(fake, 'a')).toContain('200 {"status":"scaled_down"');
    expect(await call(fake, 'a')).toBe('500 {"detail":"broken"}');
    expect(await call(fake, 'b')).toContain('scaled_down');

    const late = call(fake, 'a');
    await expect.poll(() => fake.clock.pending).toBe(1);

    await fake.clock.advance(4000);
    expect(await late).toContain('scaled_down');
  });

  it('refuses the connections of its token until its service is ready', async () => {
    await using fake = await serve({ clock: 'manual' });
    const status = async () => {
      await using client = connect(microphoneUrl(fake, { token: 'rest' }));
      return await client.refused.then(
        (answer) => answer.status,
        () => 101,
      );
    };
    expect(await status()).toBe(503);

    const initialized = fetch(`${fake.urls.scriptix.api}/initialize`, {
      method: 'POST',
      headers: { 'x-zoom-s2t-key': 'rest' },
    });
    await expect.poll(() => fake.clock.pending).toBe(1);

    await fake.clock.advance(3000);
    expect((await initialized).status).toBe(200);
    expect(await status()).toBe(101);

    await using other = connect(microphoneUrl(fake, { token: 'somebody-else' }));
    await other.open;
  });

  it('refuses an unknown name', async () => {
    await using fake = await serve();
    const response = await fetch(`${fake.urls.scriptix.api}/status?scenario=rset`);
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('rest')]);
  });
});

describe('a watched folder', () => {
  it('is read again when a file changes; of a broken file, the last good version is kept', async () => {
    const watched = await mkdtemp(join(tmpdir(), 'understudy-watched-'));
    const file = join(watched, 'live.yaml');
    await writeFile(file, says('first'));
    const events: ServerEvent[] = [];
    await using fake = await startMockServer({
      scenarios: [watched],
      watch: true,
      onEvent: (event) => events.push(event),
    });
    const now = () => hears(fake, { scenario: 'live' });

    expect(await now()).toEqual({ it: 'first' });

    await writeFile(file, says('second'));
    await expect.poll(now).toEqual({ it: 'second' });

    await writeFile(file, 'dialect: scriptix\nsummary: x\nserver: [clsoe]\n');
    await expect
      .poll(() => events.find(({ event }) => event === 'scenario-broken'))
      .toMatchObject({
        message: expect.stringContaining(
          'live.yaml:3:10: server[0]: unknown step "clsoe"; did you mean "close"?',
        ) as string,
      });
    expect(await now()).toEqual({ it: 'second' });

    await writeFile(join(watched, 'new.yaml'), says('fresh'));
    await expect
      .poll(() => events)
      .toContainEqual(expect.objectContaining({ event: 'scenario-loaded', name: 'new' }));
    expect(await hears(fake, { token: 'new' })).toEqual({ it: 'fresh' });

    await rm(watched, { recursive: true });
  });

  it('can close the connections that play the old version of a file, and no others', async () => {
    const watched = await mkdtemp(join(tmpdir(), 'understudy-watched-'));
    const lasting = (text: string) =>
      `dialect: scriptix\nsummary: Says it and stays\nserver:\n  - send: ${text}\n  - await: stop\n`;
    await writeFile(join(watched, 'live.yaml'), lasting('{ it: first }'));
    await writeFile(join(watched, 'other.yaml'), lasting('{ it: other }'));
    const events: ServerEvent[] = [];
    await using fake = await startMockServer({
      scenarios: [watched],
      watch: 'close',
      onEvent: (event) => events.push(event),
    });
    const { realtime } = fake.urls.scriptix;
    await using live = connect(`${realtime}?token=any&scenario=live`);
    await using other = connect(`${realtime}?token=any&scenario=other`);
    await live.next(({ text }) => text === '{"it":"first"}');
    await other.next(({ text }) => text === '{"it":"other"}');

    await writeFile(join(watched, 'live.yaml'), 'dialect: scriptix\nsummary: x\nserver: [clsoe]\n');
    await expect.poll(() => events.map(({ event }) => event)).toContain('scenario-broken');
    expect(fake.sessions.map(({ isOpen }) => isOpen)).toEqual([true, true]);

    await writeFile(join(watched, 'live.yaml'), lasting('{ it: second }'));
    expect(await live.closed).toMatchObject({ code: 1012 });
    await expect.poll(() => fake.sessions.map(({ scenario }) => scenario)).toEqual(['other']);
    expect(await hears(fake, { scenario: 'live' })).toEqual({ it: 'second' });

    await rm(watched, { recursive: true });
  });

  it('with mistakes is refused with all of them when the server starts', async () => {
    const broken = await mkdtemp(join(tmpdir(), 'understudy-broken-'));
    await writeFile(join(broken, 'a.yaml'), 'dialect: scriptix\n');
    await writeFile(join(broken, 'b.yaml'), 'dialect: scriptx\nsummary: b\n');

    await expect(startMockServer({ scenarios: [broken] })).rejects.toThrow(
      /a\.yaml:1:1: summary.*\n.*b\.yaml:1:10: dialect/,
    );
    await expect(startMockServer({ scenarios: [join(broken, 'none')] })).rejects.toThrow('ENOENT');

    await rm(broken, { recursive: true });
  });
});

it('scenarios with mistakes are refused with all mistakes of all of them', async () => {
  const apart = await mkdtemp(join(tmpdir(), 'understudy-wrong-'));
  const [wrong, other] = [join(apart, 'wrong.yaml'), join(apart, 'other.yaml')];
  await writeFile(wrong, 'dialect: scriptix\nserver: [hang, opne]\n');
  await writeFile(other, 'dialect: scriptix\nsummary: x\nserver: [confirm: a]\n');

  const error: unknown = await startMockServer({ scenario: [wrong, 'happy-paht', other] }).catch(
    (thrown: unknown) => thrown,
  );
  await rm(apart, { recursive: true });

  expect(error).toMatchObject({
    mistakes: [
      { file: wrong, line: 1, key: 'summary' },
      { file: wrong, line: 2, key: 'server[1]' },
      { file: wrong, line: 2, key: 'server[1]' },
      { what: expect.stringContaining('happy-paht') as string },
      { file: other, line: 3, key: 'server[0].confirm' },
    ],
  });
});

it('a recording that is replayed has reported what the replay leaves out, as convert does', async () => {
  const at = (session: string, atMs: number, fact: TraceFact) => encodeEvent({ session, atMs, ...fact });
  const asked = (target: string): TraceFact => ({ kind: 'request', method: 'GET', target, headers: {} });
  const recorded = join(folder, 'recorded.ndjson');
  const lines = [
    encodeHeader({ kind: 'trace', version: 1, tool: 'understudy', startedAt: '2020-01-01T00:00:00Z' }),
    at('s1', 0, asked('/v2/realtime?token=redacted-1')),
    at('s1', 1, { kind: 'response', status: 101, headers: {} }),
    at('s1', 2, { kind: 'binary', from: 'server', byteCount: 3 }),
    at('s2', 3, asked('/elsewhere')),
  ];
  await writeFile(recorded, `${lines.join('')}{"session":"s2",`);
  const events: ServerEvent[] = [];
  await using fake = await startMockServer({ scenario: recorded, onEvent: (event) => events.push(event) });

  const { notes } = await readReplay(recorded, 'stepped');
  expect(notes).toEqual([
    expect.stringContaining('recorded.ndjson:6:') as string,
    'Left out: 1 session at unknown paths',
    'Left out: 1 binary message of the server, of which the trace has only a hash',
  ]);
  expect(events).toEqual(notes.map((message) => ({ event: 'recording-note', path: recorded, message })));
  expect(fake.sessions).toEqual([]);
});

it('a server whose port is taken leaves nothing open', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const address = taken.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  await expect(serve({ port, watch: true })).rejects.toThrow('in use');

  taken.close();
});

describe('a wait until 30 s', () => {
  it.each([
    { since: 'server', quietMs: 9000 },
    { since: 'connection', quietMs: 29_000 },
  ])('counts from the start of the $since', async ({ since, quietMs }) => {
    await using fake = await serve({ clock: 'manual', scenario: `since-${since}` });
    await fake.clock.advance(20_000);
    await using client = connect(microphoneUrl(fake));
    await client.open;

    await fake.clock.advance(quietMs);
    await client.settled();

    expect(client.messages).toEqual([]);

    await fake.clock.advance(1000);
    expect((await client.next()).json).toEqual({ it: 'now' });
  });
});
