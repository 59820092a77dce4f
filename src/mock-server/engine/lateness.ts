import { chance } from '../../runtime/random.ts';
import { draw, type Spread } from '../../runtime/spread.ts';
import type { Effect } from './messages.ts';

/** What the `latency` step of a script does to a connection: effects wait here, in order, until they are due. */
export interface Lateness {
  readonly spread: Spread;
  /** How many effects have been delayed so far; each draws its own chance. */
  readonly delayed: number;
  readonly queue: readonly { readonly dueMs: number; readonly effect: Effect }[];
}

/** Nothing is delayed. */
export const PROMPT: Lateness = {
  spread: { kind: 'uniform', minMs: 0, maxMs: 0 },
  delayed: 0,
  queue: [],
};

/** Whether nothing is waiting, and nothing will. */
export function isPrompt({ spread, queue }: Lateness): boolean {
  return spread.maxMs === 0 && queue.length === 0;
}

/** Beyond this many, effects are sent immediately. */
const MOST_QUEUED = 10_000;

/** Takes what a session does at `nowMs`, and returns what is to be done now and what has to wait. */
export function delay(
  seed: number,
  before: Lateness,
  effects: readonly Effect[],
  nowMs: number,
): { readonly lateness: Lateness; readonly effects: readonly Effect[] } {
  let { spread, delayed } = before;
  const queue = [...before.queue];
  for (const effect of effects) {
    if (effect.kind === 'latency') {
      ({ spread } = effect);
      continue;
    }
    const one = delayed;
    const lateMs = draw(spread, (i) => chance(seed, i === 0 ? 'latency' : 'latency-2', one));
    delayed += 1;
    queue.push({ dueMs: Math.max(queue.at(-1)?.dueMs ?? 0, nowMs + lateMs), effect });
  }
  const isDue = ({ dueMs }: { dueMs: number }, i: number) => dueMs <= nowMs || i < queue.length - MOST_QUEUED;
  const waiting = queue.findIndex((entry, i) => !isDue(entry, i));
  const ready = waiting < 0 ? queue.length : waiting;
  return {
    lateness: { spread, delayed, queue: queue.slice(ready) },
    effects: queue.slice(0, ready).map(({ effect }) => effect),
  };
}
