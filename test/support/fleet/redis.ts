import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestProject } from 'vitest/node';
import { freePort } from '../programs/free-port.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A Redis for all fleets of the tests, each with keys of its own. */
    readonly redis: string;
  }
}

/** Starts a Redis for the tests of a project, and stops it after them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'understudy-redis-'));
  const port = await freePort();
  const flags = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder];
  const redis = spawn('redis-server', flags, { stdio: ['ignore', 'pipe', 'ignore'] });
  process.on('exit', () => redis.kill('SIGKILL'));
  for await (const line of createInterface({ input: redis.stdout }))
    if (line.includes('Ready to accept connections')) break;
  redis.stdout.resume();
  project.provide('redis', `redis://127.0.0.1:${port}`);
  return async () => {
    const exit = once(redis, 'exit');
    redis.kill('SIGKILL');
    await exit;
    await rm(folder, { recursive: true, force: true });
  };
}
