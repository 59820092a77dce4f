import { availableParallelism, loadavg } from 'node:os';

const [lastMinute = 0] = loadavg();

/** How many want a processor at the same time, from 1 to 4: on a busy machine all takes so much longer. */
const BUSY = Math.min(4, Math.max(1, lastMinute / availableParallelism()));

/** So long on a quiet machine, and longer on a busy one. */
export function patient(ms: number): number {
  return Math.round(ms * BUSY);
}

/** The runner's patience is shortened for deviations which are that something never comes, or comes too late. */
export const PATIENCE = {
  controlMs: patient(2500),
  livenessMs: patient(5000),
  establishMs: patient(8000),
} as const;
