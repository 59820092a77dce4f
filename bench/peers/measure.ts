import { setTimeout as sleep } from 'node:timers/promises';
import { runLoad, runPhases } from '../load/process.ts';
import type { PushesResult, RepliesResult } from '../load/plan.ts';
import { collectGarbage } from '../machine/inspector.ts';
import { residentBytesOf } from '../machine/proc.ts';
import { PUSH_EVERY_MS } from './pushes.ts';
import { startSubject, type Running } from './start.ts';
import type { Purpose, Subject } from './subjects.ts';
import type { Talk } from './talk.ts';

const SETTLE_MS = 1000;
/** Few enough that the server, not the load generator, is the limit. */
const ASKING = 16;
const WARM_UP_MS = 2000;
const MEASURE_MS = 8000;

export interface MemoryResult {
  /** Resident memory before all connections but the first. */
  readonly idleBytes: number;
  /** Resident memory with all connections open, after garbage collection. */
  readonly openBytes: number;
  /** What a connection adds, with garbage collected before and after. */
  readonly eachBytes: number;
}

/** A server to measure, and the folder with its files. */
export interface Place {
  readonly subject: Subject;
  readonly folder: string;
}

/** Milliseconds from starting the process to the first 101. */
export function measureStart(place: Place): Promise<number> {
  return during(place, 'replies', [], ({ startMs }) => Promise.resolve(startMs));
}

export async function measureMemory(place: Place, connections: number): Promise<MemoryResult> {
  const idleBytes = await during(place, 'replies', [], async ({ pid }) => {
    await sleep(SETTLE_MS);
    return residentBytesOf(pid);
  });
  return during(place, 'replies', ['--inspect=127.0.0.1:0'], async (running) => {
    const { path, headers = {} } = place.subject.replies;
    const plan = { kind: 'connections', url: `${running.origin}${path}`, headers } as const;
    // A first connection loads and compiles what all of them share; that is not the price of a connection.
    await runPhases({ ...plan, connections: 1 }, () => Promise.resolve());
    const before = await weigh(running);
    let openBytes = before;
    await runPhases({ ...plan, connections }, async () => {
      openBytes = await weigh(running);
    });
    return { idleBytes, openBytes, eachBytes: (openBytes - before) / connections };
  });
}

export function measureReplies(place: Place): Promise<RepliesResult> {
  return during(place, 'replies', [], (running) =>
    runLoad({ kind: 'replies', ...planOf(running, place.subject.replies, ASKING) }),
  );
}

export function measurePushes(place: Place, talk: Talk, connections: number): Promise<PushesResult> {
  return during(place, 'pushes', [], (running) =>
    runLoad({ kind: 'pushes', everyMs: PUSH_EVERY_MS, ...planOf(running, talk, connections) }),
  );
}

function planOf({ origin, pid }: Running, { path, headers = {}, send, counts }: Talk, connections: number) {
  return {
    ...{ url: `${origin}${path}`, headers, send, counts, connections, serverPid: pid },
    ...{ warmUpMs: WARM_UP_MS, measureMs: MEASURE_MS },
  };
}

async function weigh({ inspectorUrl, pid }: Running): Promise<number> {
  if (inspectorUrl === undefined) throw new Error('it did not tell where its inspector listens');
  await sleep(SETTLE_MS);
  await collectGarbage(inspectorUrl);
  await sleep(SETTLE_MS);
  await collectGarbage(inspectorUrl);
  return residentBytesOf(pid);
}

async function during<Result>(
  { subject, folder }: Place,
  purpose: Purpose,
  nodeFlags: readonly string[],
  use: (running: Running) => Promise<Result>,
): Promise<Result> {
  const running = await startSubject(subject, folder, purpose, nodeFlags);
  try {
    return await use(running);
  } finally {
    await running.stop();
  }
}
