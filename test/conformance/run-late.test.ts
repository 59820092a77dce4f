import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { startClientFake } from '../../src/cli/conformance/client-fake.ts';
import { fileOrProbe } from '../../src/conformance/player/probes.ts';
import { runClient } from '../../src/conformance/run-client.ts';
import { runConformance } from '../../src/conformance/run-server.ts';
import { realClock } from '../../src/runtime/clock.ts';
import { sleep, until } from '../../src/runtime/wait.ts';
import { folder } from '../support/programs/folder.ts';
import { scripted } from './client/scripted.ts';

// A client that gave up a connection after 15 s, as it should, was warned with "gave up after 13760 ms": on a busy
// machine the runner had read its request more than a second after it was sent.

/** Keeps this process from doing anything, as if it were suspended. */
function stall(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** A client that asks for an upgrade on a plain socket. */
const UPGRADING = `
import { connect as dial } from 'node:net';
const { port, pathname } = new URL(url);
const socket = dial(port, '127.0.0.1', () => {
  const head = ['GET ' + pathname + '?token=' + encodeURIComponent(token) + ' HTTP/1.1', 'Host: localhost',
    'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==', '', ''];
  socket.write(head.join('\\r\\n'));
});
`;

/** A client that gives up its only connection this long after making it, by its own clock. */
const givingUpAfter = (ms: number): string => `${UPGRADING}
socket.on('connect', () => setTimeout(() => socket.destroy(), ${ms}));
`;

/** The report on a client that gives up this early, by a runner that stands still from when the client is started. */
async function ofClient(givesUpMs: number, stallMs: number) {
  await using client = await scripted(givingUpAfter(givesUpMs));
  const { command, args } = client.options;
  const { report, plays } = await runClient({
    dialect: 'scriptix',
    startFake: startClientFake,
    client: { kind: 'command', command, args },
    environment: { PATH: process.env['PATH'] },
    scenarios: ['handshake-hangs'],
    only: ['SX-CONN-021'],
    // 15 s would show the same.
    tolerances: { giveUpMs: [6000, 20_000] },
    onProgress: ({ kind }) => {
      if (kind === 'scenarios') stall(stallMs);
    },
  });
  return { result: report.requirements[0], events: plays.flatMap(({ events }) => events) };
}

describe('a client that connects while the runner stands still', { timeout: 60_000 }, () => {
  it('is not blamed for the error in what the runner measured', async () => {
    // It gives up only after the runner is back: one that is gone by then has not been seen to wait.
    const { result, events } = await ofClient(9000, 7000);
    expect(result).toMatchObject({
      verdict: 'inconclusive',
      expected: 'a client that waits 15 s, at least 6000 ms',
      actual: expect.stringMatching(
        /^it gave up after \d+ ms; but the runner did nothing for \d+ ms then/,
      ) as string,
    });
    const request = events.findIndex(({ kind }) => kind === 'request');
    expect(events[request + 1]).toMatchObject({ kind: 'note', stall: { readFrom: 'client' } });
  });

  it('is blamed for giving up earlier than this error explains', async () => {
    const { result } = await ofClient(2500, 1500);
    expect(result).toMatchObject({
      verdict: 'warn',
      actual: expect.stringMatching(/^it gave up after \d+ ms$/) as string,
    });
  });
});

/** A client that ignores what it reads, even a Close frame. */
const ANSWERING_NOTHING = `${UPGRADING}
socket.resume();
`;

const CLOSING = `dialect: scriptix
summary: The server closes at once
server:
  - close: 1000
`;

// The fake disconnected a client after 5 s, which is what the judge allows: on a busy machine it stood still in the last
// tenth of a second, might have missed an answer then, and so the judge accused no one.
it('a client that does not answer a Close frame is found even if the fake stands still at the end', async () => {
  await using client = await scripted(ANSWERING_NOTHING);
  await using files = await folder();
  const scenario = files.path('closing.yaml');
  await writeFile(scenario, CLOSING);
  const clock = realClock();
  const { command, args } = client.options;
  const { report } = await runClient({
    dialect: 'scriptix',
    startFake: async (options) => {
      const fake = await startClientFake(options);
      void until(clock, 10_000, () => fake.activity.begun > 0)
        .then(() => sleep(clock, 4800))
        .then(() => stall(500));
      return fake;
    },
    client: { kind: 'command', command, args },
    environment: { PATH: process.env['PATH'] },
    scenarios: [scenario],
    only: ['TR-005'],
  });

  expect(report.requirements[0]).toMatchObject({ id: 'TR-005', verdict: 'fail' });
});

/** A server in its own process, which notifies us of each request and answers it in time. */
const IN_TIME = `
import { createServer } from 'node:http';
import { WebSocketServer } from ${JSON.stringify(import.meta.resolve('ws'))};
const wss = new WebSocketServer({ noServer: true });
const server = createServer().on('upgrade', (request, socket, head) => {
  process.send('asked');
  socket.on('error', () => undefined);
  setTimeout(() => wss.handleUpgrade(request, socket, head, () => undefined), 1500);
});
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
`;

it('a server is not blamed for an answer that the runner read late', { timeout: 120_000 }, async () => {
  await using files = await folder();
  const path = files.path('server.mjs');
  await writeFile(path, IN_TIME);
  const server = fork(path);
  try {
    const [port] = (await once(server, 'message')) as [number];
    server.on('message', () => stall(5000));
    const { report, plays } = await runConformance({
      dialect: 'scriptix',
      url: `ws://127.0.0.1:${port}`,
      credentials: { valid: 'key' },
      scenarios: [await fileOrProbe('scriptix/token-missing')],
      only: ['SX-CONN-019'],
      tolerances: { establishMs: 2500 },
      runs: 0,
    });

    expect(report.requirements[0]).toMatchObject({
      verdict: 'inconclusive',
      actual: expect.stringMatching(/^after \d+ ms; but the runner did nothing for \d+ ms then/) as string,
    });

    const { events = [] } = plays[0] ?? {};
    expect(events.some((each) => each.kind === 'note' && each.stall?.readFrom === 'server')).toBe(true);
  } finally {
    server.kill();
  }
});
