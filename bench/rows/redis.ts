import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PerformanceObserver, type PerformanceEntry } from 'node:perf_hooks';
import { WebSocket } from 'ws';
import { adopt, stop } from '../machine/children.ts';
import type { Percentiles } from '../load/plan.ts';
import { startServer, type Server } from '../servers/start.ts';
import { Samples } from '../statistics.ts';
import { freePort } from '../machine/free-port.ts';

/** Enough upgrades to have the code of all processes compiled; further ones do not become faster. */
const WARM_UP = 1000;
const UPGRADES = 2000;
const REDIS_TIMEOUT_MS = 10_000;

/** How long upgrades took, from the first byte of the connection to the 101, in milliseconds. */
export interface UpgradesResult {
  readonly memory: Percentiles;
  readonly redis: Percentiles;
  /** Upgrades that are omitted because the client collected garbage in the meantime. */
  readonly interrupted: number;
}

/** Why the upgrades of servers that share a Redis cannot be measured here, or undefined. */
export function missingRedis(): string | undefined {
  const { error } = spawnSync('redis-server', ['--version']);
  return error === undefined ? undefined : 'redis: there is no redis-server, so this is left out';
}

/**
 * Connects in turn to a server that keeps its state itself and to one that has it in Redis, one upgrade after another.
 */
export async function measureUpgrades(): Promise<UpgradesResult> {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-bench-'));
  const port = await freePort();
  const flags = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder];
  const redis = adopt(spawn('redis-server', flags, { stdio: ['ignore', 'pipe', 'ignore'] }));
  const servers: Server[] = [];
  try {
    await ready(redis.stdout);
    const memory = await startServer('fake');
    servers.push(memory);
    const shared = await startServer('fake', [], ['--state', `redis://127.0.0.1:${port}`]);
    servers.push(shared);
    const timed = { memory: [] as Timed[], redis: [] as Timed[] };
    using pauses = watchPauses();
    for (let i = 0; i < WARM_UP + UPGRADES; i++) {
      const [one, two] = [await upgrade(memory.realtimeUrl), await upgrade(shared.realtimeUrl)];
      if (i < WARM_UP) continue;
      timed.memory.push(one);
      timed.redis.push(two);
    }
    const seen = pauses.seen();
    const [inMemory, inRedis] = [undisturbed(timed.memory, seen), undisturbed(timed.redis, seen)];
    return {
      memory: inMemory.percentiles(),
      redis: inRedis.percentiles(),
      interrupted: 2 * UPGRADES - inMemory.length - inRedis.length,
    };
  } finally {
    for (const server of servers) await server.stop();
    await stop(redis);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A period, by `performance.now()`. */
interface Timed {
  readonly startMs: number;
  readonly endMs: number;
}

/** Records when this process collects garbage, since that time is not the server's. */
function watchPauses(): Disposable & { seen(): readonly Timed[] } {
  const all: Timed[] = [];
  const note = (entries: readonly PerformanceEntry[]) => {
    for (const { startTime, duration } of entries)
      all.push({ startMs: startTime, endMs: startTime + duration });
  };
  const observer = new PerformanceObserver((list) => note(list.getEntries()));
  observer.observe({ entryTypes: ['gc'] });
  return {
    seen() {
      note(observer.takeRecords());
      return all;
    },
    [Symbol.dispose]: () => observer.disconnect(),
  };
}

function undisturbed(all: readonly Timed[], pauses: readonly Timed[]): Samples {
  const samples = new Samples(all.length);
  for (const { startMs, endMs } of all) {
    if (!pauses.some((pause) => pause.startMs < endMs && pause.endMs > startMs)) samples.add(endMs - startMs);
  }
  return samples;
}

async function upgrade(url: string): Promise<Timed> {
  const startMs = performance.now();
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await once(socket, 'open');
  const endMs = performance.now();
  socket.close(1000);
  await once(socket, 'close');
  return { startMs, endMs };
}

function ready(stdout: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('redis-server did not start')), REDIS_TIMEOUT_MS);
    let said = '';
    stdout.on('data', (part: Buffer) => {
      said = (said + part.toString()).slice(-10_000);
      if (!said.includes('Ready to accept connections')) return;
      clearTimeout(timer);
      resolve();
    });
  });
}
