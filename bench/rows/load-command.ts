import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adopt } from '../machine/children.ts';
import { cpuMsOf } from '../machine/proc.ts';
import { DIST, startServer, type ServerName } from '../servers/start.ts';

/** The numbers of real-time sessions that one process of `understudy load` runs, one number after another. */
export const LOAD_SIZES = [250, 500, 1000, 2000] as const;

/** All sessions begin within this time, and are then open together for as long again. */
const RAMP_S = 10;
const HOLD_S = 20;
const SAMPLE_MS = 500;

/** What a load of this many sessions measured about itself. */
export interface LoadResult {
  readonly sessions: number;
  /** The lateness of everything that the generator sent, in milliseconds. */
  readonly lateP50: number;
  readonly lateP99: number;
  readonly loadCores: number;
  readonly serverCores: number;
  /** The most that were open at the same time. */
  readonly mostOpen: number;
}

interface Report {
  readonly times: {
    readonly lateness: { readonly percentiles: { readonly p50: number; readonly p99: number } };
  };
  readonly timeline: readonly { readonly open: number }[];
}

/** Runs `understudy load` with this many simultaneous sessions in real time, and reads its report. */
export async function measureLoad(name: ServerName, sessions: number): Promise<LoadResult> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-load-'));
  const server = await startServer(name);
  try {
    const file = join(folder, 'load.json');
    const { origin } = new URL(server.realtimeUrl);
    const flags = ['--dialect', 'scriptix', '--url', origin, '--token', 'bench', '--report', `json:${file}`];
    const rate = ['--rate', `${sessions / RAMP_S}/s`, '--for', `${RAMP_S}s`, '--hold', `${HOLD_S}s`];
    const stdio = ['ignore', 'ignore', 'ignore'] as const;
    const load = adopt(
      spawn(process.execPath, [join(DIST, 'cli/main.js'), 'load', ...flags, ...rate], { stdio: [...stdio] }),
    );
    const ended = once(load, 'exit');
    const startedMs = performance.now();
    const serverBeforeMs = cpuMsOf(server.pid);
    let [loadMs, serverMs, untilMs] = [0, 0, startedMs];
    const sampling = setInterval(() => {
      if (load.exitCode !== null || load.pid === undefined) return;
      loadMs = cpuMsOf(load.pid);
      serverMs = cpuMsOf(server.pid) - serverBeforeMs;
      untilMs = performance.now();
    }, SAMPLE_MS);
    await ended;
    clearInterval(sampling);
    const { times, timeline } = JSON.parse(await readFile(file, 'utf8')) as Report;
    const { p50, p99 } = times.lateness.percentiles;
    return {
      sessions,
      ...{ lateP50: p50, lateP99: p99 },
      loadCores: loadMs / (untilMs - startedMs),
      serverCores: serverMs / (untilMs - startedMs),
      mostOpen: Math.max(...timeline.map(({ open }) => open)),
    };
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
