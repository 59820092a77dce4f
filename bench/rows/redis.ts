import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { adopt, stop } from '../machine/children.ts';
import type { Percentiles } from '../load/plan.ts';
import { startServer, type Server } from '../servers/start.ts';
import { Samples } from '../statistics.ts';
import { freePort } from '../machine/free-port.ts';

const WARM_UP = 300;
const UPGRADES = 2000;
const REDIS_TIMEOUT_MS = 10_000;

/** How long upgrades took, from the first byte of the connection to the 101, in milliseconds. */
export interface UpgradesResult {
  readonly memory: Percentiles;
  readonly redis: Percentiles;
}

/** Why the upgrades of servers that share a Redis cannot be measured here, or undefined. */
export function missingRedis(): string | undefined {
  const { error } = spawnSync('redis-server', ['--version']);
  return error === undefined ? undefined : 'redis: there is no redis-server, so this is left out';
}

/** Connects to a server that keeps its state itself and to one that has it in Redis, one upgrade after the other in turn. */
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
    const [inMemory, inRedis] = [new Samples(UPGRADES), new Samples(UPGRADES)];
    for (let i = 0; i < WARM_UP + UPGRADES; i++) {
      const [one, two] = [await upgrade(memory.realtimeUrl), await upgrade(shared.realtimeUrl)];
      if (i < WARM_UP) continue;
      inMemory.add(one);
      inRedis.add(two);
    }
    return { memory: inMemory.percentiles(), redis: inRedis.percentiles() };
  } finally {
    for (const server of servers) await server.stop();
    await stop(redis);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function upgrade(url: string): Promise<number> {
  const startedAt = performance.now();
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await once(socket, 'open');
  const elapsedMs = performance.now() - startedAt;
  socket.close(1000);
  await once(socket, 'close');
  return elapsedMs;
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
