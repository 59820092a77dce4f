import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { collectGarbage } from '../machine/inspector.ts';
import { runLoad, runPhases } from '../load/process.ts';
import type { RealtimeResult, SessionsResult, UnpacedResult } from '../load/plan.ts';
import { residentBytesOf } from '../machine/proc.ts';
import { startServer, type Server, type ServerName } from '../servers/start.ts';

const WARM_UP_MS = 3000;
/** How long sessions stream before memory is measured again. */
const MEMORY_STREAM_MS = 10_000;
/** V8 returns pages to the system in the background. */
const SETTLE_MS = 700;

const UNPACED_SESSIONS = 8;
const UNPACED_WARM_UP_MS = 1000;
const UNPACED_MEASURE_MS = 4000;

const SESSIONS_AT_ONCE = 16;
/** Five seconds of audio; most sessions of tests have that much or less. */
const SESSIONS_FRAMES = 50;
const SESSIONS_WARM_UP_MS = 2000;
const SESSIONS_MEASURE_MS = 8000;

/** Bytes per session, of a server that has collected its garbage. */
export interface MemoryResult {
  readonly idleBytes: number;
  readonly streamedBytes: number;
  readonly idleLiveBytes: number;
  readonly streamedLiveBytes: number;
}

interface Weight {
  readonly residentBytes: number;
  readonly liveBytes: number;
}

/** @param beside starts something else that uses the server in the meantime, and returns how to stop it */
export async function measureRealtime(
  name: ServerName,
  sessions: number,
  seconds: number,
  nodeFlags: readonly string[] = [],
  beside?: (server: Server) => Promise<() => void>,
): Promise<RealtimeResult> {
  return withServer(name, nodeFlags, async (server) => {
    const { realtimeUrl: url, pid: serverPid } = server;
    const end = await beside?.(server);
    const plan = { url, serverPid, sessions, warmUpMs: WARM_UP_MS, measureMs: seconds * 1000 };
    const result = await runLoad({ kind: 'realtime', ...plan });
    end?.();
    return result;
  });
}

export async function measureUnpaced(name: ServerName): Promise<UnpacedResult> {
  return withServer(name, [], ({ realtimeUrl: url, pid: serverPid }) =>
    runLoad({
      kind: 'unpaced',
      url,
      serverPid,
      sessions: UNPACED_SESSIONS,
      warmUpMs: UNPACED_WARM_UP_MS,
      measureMs: UNPACED_MEASURE_MS,
    }),
  );
}

/** Whole sessions per second of the fake, as one process or with workers. */
export async function measureSessions(workers: number): Promise<SessionsResult> {
  return withServer(
    'fake',
    [],
    ({ realtimeUrl: url, pid: serverPid }) =>
      runLoad({
        kind: 'sessions',
        url,
        serverPid,
        atOnce: SESSIONS_AT_ONCE,
        frames: SESSIONS_FRAMES,
        warmUpMs: SESSIONS_WARM_UP_MS,
        measureMs: SESSIONS_MEASURE_MS,
      }),
    ['--workers', String(workers)],
  );
}

export async function measureMemory(name: ServerName, sessions: number): Promise<MemoryResult> {
  return withServer(name, ['--inspect=127.0.0.1:0'], async (server) => {
    // A first session loads and compiles what all sessions share; that is not the price of a session.
    const first = { kind: 'memory', url: server.realtimeUrl, sessions: 1, streamMs: 1000 } as const;
    await runPhases(first, () => Promise.resolve());
    const before = await weigh(server);
    const weights = { opened: before, streamed: before };
    const plan = { kind: 'memory', url: server.realtimeUrl, sessions, streamMs: MEMORY_STREAM_MS } as const;
    await runPhases(plan, async (phase) => {
      weights[phase] = await weigh(server);
    });
    const each = (phase: keyof typeof weights, of: keyof Weight) =>
      (weights[phase][of] - before[of]) / sessions;
    return {
      idleBytes: each('opened', 'residentBytes'),
      streamedBytes: each('streamed', 'residentBytes'),
      idleLiveBytes: each('opened', 'liveBytes'),
      streamedLiveBytes: each('streamed', 'liveBytes'),
    };
  });
}

/** Milliseconds from starting the process to the 101 of the first WebSocket. */
export async function measureStart(name: ServerName): Promise<number> {
  const startedAt = performance.now();
  return withServer(name, [], async ({ realtimeUrl }) => {
    const socket = new WebSocket(realtimeUrl, { perMessageDeflate: false });
    await once(socket, 'upgrade');
    const elapsedMs = performance.now() - startedAt;
    socket.terminate();
    return elapsedMs;
  });
}

/** Resident memory of a server that has just begun to listen and has nothing to do. */
export async function measureIdle(name: ServerName): Promise<number> {
  return withServer(name, [], async ({ pid }) => {
    await sleep(SETTLE_MS);
    return residentBytesOf(pid);
  });
}

async function weigh({ inspectorUrl, pid }: Server): Promise<Weight> {
  if (inspectorUrl === undefined) throw new Error('the server did not tell where its inspector listens');
  await sleep(SETTLE_MS);
  await collectGarbage(inspectorUrl);
  await sleep(SETTLE_MS);
  const { liveBytes } = await collectGarbage(inspectorUrl);
  return { residentBytes: residentBytesOf(pid), liveBytes };
}

async function withServer<Result>(
  name: ServerName,
  nodeFlags: readonly string[],
  use: (server: Server) => Promise<Result>,
  flags: readonly string[] = [],
): Promise<Result> {
  const server = await startServer(name, nodeFlags, flags);
  try {
    return await use(server);
  } finally {
    await server.stop();
  }
}
