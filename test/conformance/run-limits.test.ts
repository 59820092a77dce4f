import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/conformance/report/report.ts';
import {
  runConformance,
  type ConformanceRun,
  type ConformanceOptions,
} from '../../src/conformance/run-server.ts';
import { startMockServer } from '../../src/mock-server/server.ts';
import { OPCODES } from '../../src/wire/encode.ts';
import { CLI } from '../support/programs/cli.ts';
import { folder } from '../support/programs/folder.ts';
import { startTcp } from '../support/servers/tcp.ts';
import { endlessly, frames, startFlood, type Flooding } from '../support/servers/flood.ts';

const run = (url: string, given: Partial<ConformanceOptions> = {}): Promise<ConformanceRun> =>
  runConformance({ dialect: 'reson8', url, credentials: { valid: 'right-key' }, profile: 'quick', ...given });

/** What goes on when the time is over. */
const UNDER_WAY = /^The recordings of .+ are incomplete: the run ended here\.$/;

// The time was checked only before something was begun: an answer that came byte by byte made 30 s last 382 s.
describe('--max-time ends a run against a server', () => {
  it.each<[string, Flooding, Partial<ConformanceOptions>]>([
    ['that sends nothing', {}, {}],
    [
      'whose REST API gives an answer that never ends',
      { rest: (response) => void response.writeHead(200).write(' ') },
      { dialect: 'scriptix', only: ['SX-REST-002'] },
    ],
  ])('%s', async (_what, flooding, given) => {
    await using server = await startFlood(flooding);
    const tolerances = { controlMs: 100 };
    const { report } = await run(server.url, { ...given, tolerances, budget: { timeMs: 6000 } });

    expect(report.outcome).not.toBe('conforming');
    expect(report.causes).toContainEqual(expect.stringMatching(/--max-time 6s/));
    expect(report.causes).toContainEqual(expect.stringMatching(UNDER_WAY));
  });

  it('that sends nothing before TLS', async () => {
    await using server = await startTcp();
    const { report } = await run(`wss://${server.host}`, { budget: { timeMs: 3000 } });

    expect(report.outcome).toBe('incomplete');
    expect(report.causes?.[0]).toMatch(
      /^The budget was used up \(--max-time 3s\): .+ not finished the TLS handshake; .+ not played\.$/,
    );
  });

  // JSON that had been read could not be written again, and there was no report.
  it.each(['scriptix', 'reson8'] as const)(
    'a run against %s does not read JSON that is nested too deeply',
    async (dialect) => {
      const deep = frames(1, OPCODES.text, '{"a":'.repeat(50_000) + '1' + '}'.repeat(50_000));
      await using server = await startFlood({
        socket: (socket) => void socket.on('data', () => socket.write(deep)),
      });
      const { report } = await run(server.url, { dialect, budget: { timeMs: 3000 } });
      const found = report.requirements.find(({ actual }) => actual?.includes('levels deep') === true);

      expect(found).toMatchObject({ verdict: 'fail', actual: expect.stringMatching(/200 levels/) as string });
    },
  );

  it('does not blame a conforming server for what it had no time to do', async () => {
    await using fake = await startMockServer();
    const url = fake.urls.url.replace('http', 'ws');
    for (const timeMs of [150, 400, 900, 2000]) {
      const { report } = await run(url, { credentials: { valid: 'a-key' }, budget: { timeMs } });
      expect(report.outcome).toBe('incomplete');
      expect(report.requirements.filter(({ verdict }) => verdict === 'fail')).toEqual([]);
    }
  });
});

// A server that sent without end made the runner use 4 GB, and there was no report.
describe('the memory of a run is limited when a server sends', () => {
  const message = '{"type":"transcript","text":"hello"}';
  it.each<[string, Flooding, RegExp]>([
    ['messages', { socket: endlessly(frames(500, OPCODES.text, message)) }, /more events than are kept/],
    [
      'messages of a megabyte',
      { socket: endlessly(frames(1, OPCODES.text, ' '.repeat(1_000_000))) },
      /more events than/,
    ],
    [
      'lists',
      { socket: endlessly(frames(1, OPCODES.text, `[${'{},'.repeat(300_000)}1]`)) },
      /more events than are kept/,
    ],
    [
      'fragments',
      {
        socket: (socket) => {
          socket.write(frames(1, OPCODES.text, ' ', false));
          endlessly(frames(500, OPCODES.continuation, '', false))(socket);
        },
      },
      /parts/,
    ],
    ['pings', { socket: endlessly(frames(500, OPCODES.ping, 'x'.repeat(100))) }, /more events than|pings/],
    ['bytes of answers', { rest: endlessly(Buffer.alloc(65_536, 0x20)) }, /./],
  ])('%s without end', async (_what, flooding, told) => {
    await using server = await startFlood(flooding);
    await using files = await folder();
    const path = files.path('report.json');
    const flags = ['--dialect', 'reson8', '--url', server.url, '--token', 'right-key', '--profile', 'quick'];
    const child = spawn(
      process.execPath,
      [
        '--max-old-space-size=192',
        ...[CLI, 'conformance', 'server', ...flags, '--max-time', '40s', '--report', `json:${path}`],
      ],
      { stdio: 'ignore' },
    );
    const [code] = (await once(child, 'exit')) as [number | null];

    expect([1, 3]).toContain(code);

    const report = JSON.parse(await readFile(path, 'utf8')) as Report;
    expect(report.outcome).not.toBe('conforming');
    expect(report.causes?.join('\n')).toMatch(told);
  });
});

describe('--shrink-time', () => {
  const found = async (shrinkMs: number) => {
    await using fake = await startMockServer({ scenario: 'reson8/confidence-logprob' });
    const { report } = await run(fake.urls.url.replace('http', 'ws'), {
      ...{ profile: 'full', scenarios: [], runs: 6, only: ['R8-W-006'], pace: 100, shrinkMs },
    });
    return { notes: report.notes.join('\n'), result: report.requirements[0] };
  };

  it('of 0 leaves what was found as it was found, and says so', async () => {
    const { notes, result } = await found(0);
    expect(result).toMatchObject({ verdict: 'fail', shrunk: 'no', determinism: 'not repeated' });
    expect(notes).toMatch(/R8-W-006 may not be the smallest: --shrink-time \(shrinkMs in the library\) is 0/);
  });

  it('that is too short ends the search and keeps what was found so far', async () => {
    const { notes, result } = await found(1000);

    expect(result).toMatchObject({
      verdict: 'fail',
      play: expect.stringMatching(/^counterexamples/) as string,
    });
    expect(result?.shrunk).toMatch(/no|partly/);
    expect(notes).toMatch(/--shrink-time 1s \(shrinkMs in the library\) was used up/);
  });
});
