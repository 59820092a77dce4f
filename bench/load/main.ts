import { runSilent } from './connections.ts';
import { GO, type LoadAnswer, type LoadPlan } from './plan.ts';
import { runMemory, runRealtime } from './realtime.ts';
import { runOpens } from './opens.ts';
import { runPushes } from './pushes.ts';
import { runReplies } from './replies.ts';
import { runSessions } from './sessions.ts';
import { runUnpaced } from './unpaced.ts';

/** The load generator: a separate process, which gets its plan as an argument and reports over IPC. */
const plan = JSON.parse(process.argv[2] ?? '{}') as LoadPlan;

// The parent is gone, so no one would stop this process.
process.on('disconnect', () => process.exit(1));

function answer(message: LoadAnswer): void {
  process.send?.(message, () => {
    if (message.kind !== 'waiting') process.exit(0);
  });
}

function lost(error: Error): void {
  answer({ kind: 'failed', message: error.message });
}

function ready(phase: 'opened' | 'streamed'): Promise<void> {
  return new Promise((resolve) => {
    process.on('message', function heard(message) {
      if (message !== GO) return;
      process.off('message', heard);
      resolve();
    });
    answer({ kind: 'waiting', phase });
  });
}

function run(): Promise<LoadAnswer> {
  switch (plan.kind) {
    case 'realtime':
      return runRealtime(plan, lost);
    case 'unpaced':
      return runUnpaced(plan, lost);
    case 'opens':
      return runOpens(plan);
    case 'sessions':
      return runSessions(plan);
    case 'memory':
      return runMemory(plan, ready, lost);
    case 'connections':
      return runSilent(plan, ready, lost);
    case 'replies':
      return runReplies(plan, lost);
    case 'pushes':
      return runPushes(plan, lost);
  }
}

run().then(answer, lost);
