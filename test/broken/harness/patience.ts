import { availableParallelism, loadavg } from 'node:os';

const [lastMinute = 0] = loadavg();

/** How many processes compete for each processor, from 1 to 2: a busy machine takes longer by this factor. */
const BUSY = Math.min(2, Math.max(1, lastMinute / availableParallelism()));

/** This long on a quiet machine, and longer on a busy one. */
export function patient(ms: number): number {
  return Math.round(ms * BUSY);
}

/** The runner's patience is shortened for mutations in which something comes too late or never. */
export const PATIENCE = {
  controlMs: patient(2500),
  // The probes that show it wait for 8 s.
  livenessMs: Math.max(5000, patient(3000)),
  establishMs: patient(8000),
  // The fakes are in the runner's own process, and many runs with them: what keeps it busy keeps all of them.
  stallMs: 600_000,
} as const;

/**
 * The fake behind a broken server runs faster, but its 15 s for audio or a source last longer than the runner is
 * patient, and are not over before a busy machine has served the source.
 */
export const SPEED = 2 / BUSY;
