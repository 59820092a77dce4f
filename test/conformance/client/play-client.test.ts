import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startClientFake } from '../../../src/cli/conformance/client-fake.ts';
import { clientEndIn } from '../../../src/conformance/client/reports/ending.ts';
import type { StartFake } from '../../../src/conformance/client/fake.ts';
import { playAll, type PlayProgress } from '../../../src/conformance/client/play-all.ts';
import { playClient, type ClientPlay } from '../../../src/conformance/client/play-client.ts';
import { conversationsOf } from '../../../src/conformance/conversation/conversation.ts';
import type { TraceEvent } from '../../../src/wire/trace.ts';
import { expectNoMoreThan, resources } from '../../support/resources.ts';
import { POLITE, scripted, TOKEN } from './scripted.ts';

/** The events in short: session and kind. */
function story({ events }: { readonly events: readonly TraceEvent[] }): readonly string[] {
  return events.map((event) => {
    switch (event.kind) {
      case 'report':
        return `${event.session} says ${JSON.stringify(event.report)}`;
      case 'text':
        return `${event.session} ${event.from} ${event.text}`;
      case 'context':
        return `${event.session} (${JSON.stringify(event.about)})`;
      case 'close':
      case 'end':
        return `${event.session} ${event.kind} ${event.code}`;
      default:
        return `${event.session} ${event.kind}`;
    }
  });
}

/** What the client reported, and everything else. */
function apart(told: readonly string[]): readonly [reported: readonly string[], others: readonly string[]] {
  const isReport = (line: string) => / says /.test(line);
  return [told.filter(isReport), told.filter((line) => !isReport(line))];
}

/** Starts our fakes, and remembers their ports. */
function watched(): { readonly startFake: StartFake; readonly ports: number[] } {
  const ports: number[] = [];
  return {
    ports,
    async startFake(options) {
      const fake = await startClientFake(options);
      ports.push(Number(new URL(fake.addresses.baseUrl).port));
      return fake;
    },
  };
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('error', () => resolve(true));
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
  });
}

/** Keeps this process from doing anything. */
function stall(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

const exited = (code: number) => ({ kind: 'exited', code });

// On a busy machine, what a program had sent and that it was gone were missing: the runner stood still for that second.
it('the fake reads what a program has left however long each look takes', async () => {
  let looks = 0;
  let openAtEnd: number | undefined;
  const startFake: StartFake = async (options) => {
    const fake = await startClientFake(options);
    return {
      ...fake,
      get activity() {
        stall(400);
        looks += 1;
        return { begun: 1, open: looks < 5 ? 1 : 0 };
      },
      end(inHaste) {
        openAtEnd = looks < 5 ? 1 : 0;
        return fake.end(inHaste);
      },
    };
  };
  await using client = await scripted('', { startFake });

  await playClient('warm-model', client.options);

  expect(openAtEnd).toBe(0);
});

describe('a client that is run once', () => {
  it('is recorded with what crossed the wire and what it reported, in order of time', async () => {
    await using client = await scripted(POLITE);
    const play = await playClient('warm-model', client.options);
    expect([play.outcome, play.faultCount, play.leftProcesses]).toEqual([exited(0), 0, false]);

    const told = story(play).filter((line) => line.startsWith('s1 '));
    // What is sent at nearly the same time through a pipe and a socket may arrive in either order.
    const [reported, crossed] = apart(told);
    // The end of a program and the end of its connection also arrive in two ways.
    expect([...crossed.slice(0, -2), ...crossed.slice(-2).sort()]).toEqual([
      's1 ({"scenario":"warm-model"})',
      's1 request',
      's1 response',
      's1 client {"action":"start"}',
      's1 server {"state":"listening"}',
      's1 close 1000',
      's1 close 1000',
      's1 ({"client":"exited 0"})',
      's1 end 1000',
    ]);
    expect(reported).toEqual([
      's1 says {"event":"state","state":"listening"}',
      's1 says {"event":"closed","code":1000}',
    ]);
    // A report follows what it is about.
    expect(told.indexOf(reported[0] ?? '')).toBeGreaterThan(told.indexOf('s1 server {"state":"listening"}'));

    const conversation = conversationsOf(play.events).find(({ session }) => session === 's1');
    expect([conversation?.dialect, conversation?.isOpen, conversation?.context]).toEqual([
      'scriptix',
      true,
      { scenario: 'warm-model', client: 'exited 0' },
    ]);
  });

  it('shows its token nowhere', async () => {
    const source = `
      console.log('url', url, 'token', token);
      console.error(Buffer.from(token).toString('base64'));
      say({ event: 'display', text: token });
      say(token);
      const ws = connect();
      ws.on('open', () => ws.send(JSON.stringify({ action: 'start', note: token })));
      ws.on('message', () => ws.close(1000, token));`;
    await using client = await scripted(source);
    const play = await playClient('happy-path', client.options);

    expect(play.stdout.text).toContain('token redacted-1');
    expect(story(play).join('\n')).toContain('"note":"redacted-1"');

    const written = JSON.stringify(play);
    expect([written.includes(TOKEN), written.includes(btoa(TOKEN).slice(2, -4))]).toEqual([false, false]);
    expect(play.events).toContainEqual(
      expect.objectContaining({ kind: 'request', target: '/v2/realtime?token=redacted-1' }),
    );
  });

  it('is refused with a token other than its own', async () => {
    await using client = await scripted(POLITE.replace('connect()', "new WebSocket(url + '?token=another')"));
    const play = await playClient('happy-path', client.options);

    expect(play.outcome).toEqual(exited(1));
    expect(play.events).toContainEqual(expect.objectContaining({ kind: 'response', status: 401 }));
  });

  it('that never connects has only its reports', async () => {
    await using client = await scripted("say({ event: 'error', kind: 'other' }); process.exitCode = 9;");
    expect(story(await playClient('happy-path', client.options))).toEqual([
      's0 ({"scenario":"happy-path"})',
      's0 says {"event":"error","kind":"other"}',
      's0 ({"client":"exited 9"})',
    ]);
  });

  it('that leaves without a message has the end of its connection recorded', async () => {
    await using client = await scripted("connect().on('open', () => process.exit(5));");
    const play = await playClient('happy-path', client.options);

    expect(play.outcome).toEqual(exited(5));
    expect(play.events).toContainEqual(
      expect.objectContaining({ session: 's1', kind: 'end', by: 'client', code: 1006 }),
    );
  });

  it('is given time for its connections to end, but no more', async () => {
    for (const looksUntilEnd of [3, Infinity]) {
      let looks = 0;
      let looksBefore = 0;
      const startFake: StartFake = async (options) => {
        const fake = await startClientFake(options);
        return {
          addresses: fake.addresses,
          now: () => fake.now(),
          get activity() {
            looks += 1;
            return { begun: 1, open: looks > looksUntilEnd ? 0 : 1 };
          },
          play: (scenario) => fake.play(scenario),
          end() {
            looksBefore = looks;
            return fake.end();
          },
          stop: () => fake.stop(),
        };
      };
      await using client = await scripted('', { startFake, command: '/bin/true' });
      await playClient('happy-path', client.options);

      if (looksUntilEnd === 3) expect(looksBefore).toBe(4);
      else expect(looksBefore).toBeGreaterThan(4);
    }
  });

  it('that cannot be started has the reason recorded', async () => {
    await using client = await scripted('', { command: '/no/such/program' });
    const play = await playClient('happy-path', client.options);

    expect(play.outcome).toMatchObject({ kind: 'not-started' });
    expect(clientEndIn(play.events)).toBe('not-started');
    expect(play.events).toContainEqual(
      expect.objectContaining({ kind: 'note', message: expect.stringContaining('ENOENT') as string }),
    );
  });

  it('that waits for the answer to an upgrade has the upgrade recorded', async () => {
    const source = `const ws = connect(); ws.on('error', () => {}); setTimeout(() => { say({ event: 'error', kind: 'timeout' }); ws.terminate(); }, 2000);`;
    await using client = await scripted(source);
    const [reported, crossed] = apart(story(await playClient('handshake-hangs', client.options)));

    expect(reported).toEqual(['h1 says {"event":"error","kind":"timeout"}']);
    expect([...crossed.slice(0, -2), ...crossed.slice(-2).sort()]).toEqual([
      'h1 ({"scenario":"handshake-hangs"})',
      'h1 request',
      'h1 ({"client":"exited 0"})',
      'h1 end 1006',
    ]);
  });

  it('that does not exit is ended, and the end of its connection by the fake is not recorded', async () => {
    await using client = await scripted('const ws = connect(); setInterval(() => {}, 1000);', {
      timeoutMs: 4000,
    });
    const play = await playClient('handshake-hangs', client.options);

    expect(play.outcome).toEqual({ kind: 'timeout' });
    expect(story(play)[1]).toBe('h1 request');
    expect(story(play)).toContain('h1 ({"client":"timeout"})');
    expect(play.events.some((event) => event.kind === 'end' && event.by === 'server')).toBe(false);
  });

  // A client that a busy machine had made too slow was ended in the middle of a session, and failed SX-FIN-020, for it had
  // crashed after a final, and SX-ERR-004, for it had left without a Close frame.
  it.each(['setInterval(() => {}, 1000);', "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);"])(
    'that is ended is not recorded as having ended its connection: %s',
    async (source) => {
      await using client = await scripted(`const ws = connect(); ${source}`, { timeoutMs: 4000 });
      const play = await playClient('happy-path', client.options);

      expect(play.outcome).toEqual({ kind: 'timeout' });
      const ends = play.events.filter((event) => event.kind === 'end');
      expect(ends).toMatchObject([{ session: 's1', code: 1006 }]);
      expect(ends.map(({ by }) => by)).toEqual([undefined]);
    },
  );
});

describe('a client that is run for many scenarios', () => {
  it('has its own fake in each, and a fake that fails does not affect the others', async () => {
    const before = resources();
    const { startFake, ports } = watched();
    await using client = await scripted(
      `${POLITE} if (scenario === 'refused-400') process.kill(process.pid, 'SIGSEGV');`,
      {
        startFake,
      },
    );
    const names = [
      'warm-model',
      'no-such-scenario',
      'refused-401',
      'refused-400',
      'happy-path',
      'handshake-dropped',
    ];
    const progress: PlayProgress[] = [];
    const played = await playAll(names, {
      ...client.options,
      concurrency: 3,
      onProgress: (each) => void progress.push(each),
    });
    const outcomes = played.map((each) => (each.kind === 'played' ? each.play.outcome : each.kind));

    expect(outcomes).toEqual([
      exited(0),
      'failed',
      exited(1),
      { kind: 'signal', signal: 'SIGSEGV' },
      exited(0),
      exited(1),
    ]);
    expect(played[1]).toMatchObject({ name: 'no-such-scenario', error: { name: 'UserError' } });
    expect(plays(played).map(({ name }) => name)).toEqual(
      names.filter((name) => name !== 'no-such-scenario'),
    );
    expect(new Set(ports).size).toBe(5);
    expect(await Promise.all(ports.map(isFree))).toEqual([true, true, true, true, true]);
    expect(progress.filter(({ kind }) => kind === 'begun').length).toBe(6);
    expect(progress.filter(({ kind }) => kind === 'ended').length).toBe(6);
    await expectNoMoreThan(before);
  });

  it('is started no more times at once than allowed', async () => {
    let running = 0;
    let most = 0;
    await using client = await scripted('');
    await playAll(
      Array.from({ length: 6 }, () => 'happy-path'),
      {
        ...client.options,
        command: '/bin/true',
        concurrency: 2,
        onProgress({ kind }) {
          running += kind === 'begun' ? 1 : -1;
          most = Math.max(most, running);
        },
      },
    );

    expect([most, running]).toEqual([2, 0]);
  });

  it('is called off as a whole', async () => {
    const off = new AbortController();
    await using client = await scripted('setInterval(() => {}, 1000);');
    const played = await playAll(['happy-path', 'warm-model', 'cold-model'], {
      ...client.options,
      concurrency: 2,
      signal: off.signal,
      onProgress: ({ index }) => {
        if (index === 1) off.abort();
      },
    });

    expect(played.map((each) => (each.kind === 'played' ? each.play.outcome.kind : each.kind))).toEqual([
      'stopped',
      'stopped',
      'not-played',
    ]);
  });
});

function plays(played: Awaited<ReturnType<typeof playAll>>): readonly ClientPlay[] {
  return played.flatMap((each) => (each.kind === 'played' ? [each.play] : []));
}
