import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { adopt } from '../machine/children.ts';
import {
  GO,
  type LoadAnswer,
  type LoadPlan,
  type OpensResult,
  type PushesResult,
  type RealtimeResult,
  type RepliesResult,
  type SessionsResult,
  type UnpacedResult,
} from './plan.ts';

const LOAD = fileURLToPath(new URL('./main.js', import.meta.url));

type Waiting = Extract<LoadAnswer, { kind: 'waiting' }>['phase'];

/** Runs a plan in a separate process and returns its measurements. */
export async function runLoad(plan: Extract<LoadPlan, { kind: 'realtime' }>): Promise<RealtimeResult>;
export async function runLoad(plan: Extract<LoadPlan, { kind: 'unpaced' }>): Promise<UnpacedResult>;
export async function runLoad(plan: Extract<LoadPlan, { kind: 'opens' }>): Promise<OpensResult>;
export async function runLoad(plan: Extract<LoadPlan, { kind: 'sessions' }>): Promise<SessionsResult>;
export async function runLoad(plan: Extract<LoadPlan, { kind: 'replies' }>): Promise<RepliesResult>;
export async function runLoad(plan: Extract<LoadPlan, { kind: 'pushes' }>): Promise<PushesResult>;
export async function runLoad(plan: LoadPlan): Promise<LoadAnswer> {
  const answer = await nextAnswer(startLoad(plan));
  if (answer.kind !== plan.kind)
    throw new Error(`the load generator answered ${answer.kind} to ${plan.kind}`);
  return answer;
}

/** Runs a plan that waits, calling `weigh` at each of its phases. */
export async function runPhases(
  plan: Extract<LoadPlan, { kind: 'memory' | 'connections' }>,
  weigh: (phase: Waiting) => Promise<void>,
): Promise<void> {
  const load = startLoad(plan);
  let next = nextAnswer(load);
  for (;;) {
    const answer = await next;
    if (answer.kind !== 'waiting') return;
    next = nextAnswer(load);
    // A session that breaks in the meantime is also an answer: it ends the measurement.
    await Promise.race([weigh(answer.phase), next]);
    load.send(GO);
  }
}

function startLoad(plan: LoadPlan): ChildProcess {
  // In JSON, NaN, such as a percentile of nothing, would become null.
  return adopt(fork(LOAD, [JSON.stringify(plan)], { serialization: 'advanced' }));
}

function nextAnswer(load: ChildProcess): Promise<LoadAnswer> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`the load generator ended with ${String(code)}`));
    load.once('exit', ended);
    load.once('message', (message) => {
      load.off('exit', ended);
      // The other side is our own process, in which the answers are typed.
      const answer = message as LoadAnswer;
      if (answer.kind === 'failed') reject(new Error(answer.message));
      else resolve(answer);
    });
  });
}
