import { cpuMsOfAll } from '../machine/proc.ts';

/** How busy a server and this process were, in cores. */
export interface Busy {
  readonly elapsedMs: number;
  readonly serverCores: number;
  readonly loadCores: number;
}

/**
 * Measures the processor time of a server, including the processes it has started, and of this process, from now until
 * the returned function is called.
 */
export function watchBusy(serverPid: number): () => Busy {
  const before = { atMs: performance.now(), serverMs: cpuMsOfAll(serverPid), load: process.cpuUsage() };
  return () => {
    const elapsedMs = performance.now() - before.atMs;
    const load = process.cpuUsage(before.load);
    return {
      elapsedMs,
      serverCores: (cpuMsOfAll(serverPid) - before.serverMs) / elapsedMs,
      loadCores: (load.user + load.system) / 1000 / elapsedMs,
    };
  };
}
