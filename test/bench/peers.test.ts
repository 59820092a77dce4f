import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { latenessOf, runPushes } from '../../bench/load/pushes.ts';
import { runReplies } from '../../bench/load/replies.ts';
import { mockoonEnvironment, pushScenario } from '../../bench/peers/given.ts';
import { PACKAGES, PEERS } from '../../bench/peers/packages.ts';
import { ASKS_FOR_PUSHES, PUSH_EVERY_MS } from '../../bench/peers/pushes.ts';
import { untilItAnswers } from '../../bench/peers/start.ts';
import { SUBJECTS } from '../../bench/peers/subjects.ts';
import { peerNotes, peerRows, peerText, type PeerMeasured } from '../../bench/peers/table.ts';
import { serveTalker } from '../../bench/peers/talker.ts';
import { canDo } from '../../bench/peers/talk.ts';
import { startMockServer } from '../../src/mock-server/server.ts';
import { REPOSITORY } from '../support/programs/cli.ts';
import { folder } from '../support/programs/folder.ts';
import { pageText } from '../support/programs/page.ts';

/** A small load on a server in this process. */
const planOf = (port: number) => ({
  ...{ url: `ws://127.0.0.1:${port}/`, headers: {}, serverPid: process.pid },
  ...{ connections: 3, warmUpMs: 50, measureMs: 1000 },
});

/** Processor time is read from /proc. */
const hasProc = process.platform === 'linux';

const nothingLost = (error: Error) => {
  throw error;
};

it('one version of each peer is pinned, and none is a dependency', () => {
  const { dependencies, devDependencies } = JSON.parse(
    readFileSync(join(REPOSITORY, 'package.json'), 'utf8'),
  ) as Record<string, Record<string, string>>;
  for (const { name, version } of Object.values(PACKAGES)) {
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect({ ...dependencies, ...devDependencies }).not.toHaveProperty([name]);
    expect(pageText('BENCHMARKS.md')).toContain(`\`${name}\``);
  }
});

it('the bare server and ours are measured with each peer, and omissions have a reason', () => {
  expect(SUBJECTS.map(({ name }) => name)).toEqual(['bare', 'understudy', ...PEERS]);
  const cannot = SUBJECTS.flatMap(({ name, pushes }) => (canDo(pushes) ? [] : [[name, pushes.why]]));
  expect(cannot).toEqual([['mockttp', expect.stringMatching(/WebSocketRuleBuilder/)]]);
});

it('Mockoon gets a route for each path that is requested', () => {
  const { routes } = mockoonEnvironment() as { routes: { endpoint: string }[] };
  const mockoon = SUBJECTS.find(({ name }) => name === 'mockoon');
  const paths = [mockoon?.replies, mockoon?.pushes].map((talk) => (talk && 'path' in talk ? talk.path : ''));
  expect(routes.map(({ endpoint }) => `/${endpoint}`)).toEqual(paths);
});

it('the fake gets a valid scenario', async () => {
  await using files = await folder();
  await writeFile(files.path('pushes.json'), JSON.stringify(pushScenario()));
  await using fake = await startMockServer({ scenario: files.path('pushes.json') });
  const ours = SUBJECTS.find(({ name }) => name === 'understudy');
  if (ours === undefined || !canDo(ours.pushes)) throw new Error('ours is missing');
  const { path, headers = {}, counts } = ours.pushes;

  const socket = new WebSocket(`${fake.urls.url.replace('http', 'ws')}${path}`, { headers });
  const [message] = (await once(socket, 'message')) as [Buffer];
  socket.terminate();

  expect(message.toString()).toContain(counts);
});

it.runIf(hasProc)('a server that answers and pushes is measured', async () => {
  const server = await serveTalker(0);
  try {
    const plan = planOf(server.port);
    await untilItAnswers(plan.url, {}, () => false);

    const replies = await runReplies(
      { kind: 'replies', ...plan, send: ['hello'], counts: 'hello' },
      nothingLost,
    );
    expect(replies.repliesPerSecond).toBeGreaterThan(0);

    const pushes = await runPushes(
      { kind: 'pushes', ...plan, send: [ASKS_FOR_PUSHES], counts: 'transcript', everyMs: PUSH_EVERY_MS },
      nothingLost,
    );
    expect(pushes.cameShare).toBeGreaterThan(0);
    expect(pushes.latenessMs.p50).toBeGreaterThanOrEqual(0);
    expect(pushes.latenessMs.max).toBeGreaterThanOrEqual(pushes.latenessMs.p50);
  } finally {
    server.stop();
  }
});

it.runIf(hasProc)('a server that does not send what is counted has no number', async () => {
  const server = await serveTalker(0);
  try {
    const plan = { ...planOf(server.port), measureMs: 200 };
    const silent = { ...plan, send: ['hello'], counts: 'goodbye' };
    await expect(runReplies({ kind: 'replies', ...silent }, nothingLost)).rejects.toThrow('no reply');
    await expect(
      runPushes({ kind: 'pushes', ...silent, everyMs: PUSH_EVERY_MS }, nothingLost),
    ).rejects.toThrow('no push came');
  } finally {
    server.stop();
  }
});

it('a server whose process has ended is given up', async () => {
  const server = await serveTalker(0);
  server.stop();
  await expect(untilItAnswers(`ws://127.0.0.1:${server.port}/`, {}, () => true)).rejects.toThrow(
    'its process ended',
  );
});

it.each([
  ['in time', [1000, 1100, 1200], [0, 0, 0]],
  ['one late', [1000, 1107, 1200], [0, 7, 0]],
  ['the first late', [1007, 1100, 1200], [7, 0, 0]],
  ['later and later', [1000, 1101, 1202], [0, 1, 2]],
  ['one left out', [1000, 1200, 1300], [0, 100, 100]],
  ['nothing', [], []],
])('the lateness of pushes is reported: %s', (_how, arrivals, late) => {
  expect(latenessOf(arrivals, 100)).toEqual(late);
});

const measured = (name: PeerMeasured['name'], change: Partial<PeerMeasured> = {}): PeerMeasured => ({
  ...{ name, version: '1.2.3' },
  startMs: { kind: 'measured', rounds: [100, 900, 200] },
  memory: {
    kind: 'measured',
    rounds: [{ idleBytes: 50 * 2 ** 20, openBytes: 60 * 2 ** 20, eachBytes: 10 * 1024 }],
  },
  replies: {
    kind: 'measured',
    rounds: [2000, 4000].map((repliesPerSecond) => ({
      ...{ kind: 'replies', repliesPerSecond, serverCores: 0.5, loadCores: 0.4 },
    })),
  },
  pushes: {
    kind: 'measured',
    rounds: [
      {
        ...{ kind: 'pushes', latenessMs: { p50: 1, p99: 3, max: 9 }, cameShare: 1 },
        ...{ serverCores: 0.25, loadCores: 0.1 },
      },
    ],
  },
  ...change,
});

it('the report has what was measured, and the reason for each gap', () => {
  const all = [
    measured('bare', { version: undefined }),
    measured('mockttp', {
      pushes: { kind: 'cannot', why: 'it only echoes' },
      memory: { kind: 'failed', why: 'it ended' },
    }),
  ];
  const rows = peerRows(all, 1000);

  expect(rows.map(({ measure, values }) => [measure, ...values])).toEqual([
    ['start until it answers', 200, 200],
    ['memory, idle', 50, undefined],
    ['memory, 1000 connections', 60, undefined],
    ['memory, a connection', 10, undefined],
    ['replies', 3000, 3000],
    ['replies, server busy', 0.5, 0.5],
    ['pushes, late p50', 1, undefined],
    ['pushes, late p99', 3, undefined],
    ['pushes, came', 100, undefined],
    ['pushes, server busy', 0.25, undefined],
  ]);
  expect(peerNotes(all)).toEqual([
    'mockttp, memory: could not be measured: it ended',
    'mockttp, pushes: cannot: it only echoes',
  ]);
  const [head, first] = peerText(rows, all).split('\n');
  expect(head).toMatch(/^measure +unit +bare +mockttp 1\.2\.3$/);
  expect(first).toMatch(/^start until it answers +ms +200 +200$/);
  expect(peerText(rows, all)).toMatch(/^memory, idle +MiB +50 +-$/m);
});
