import { parentPort, workerData } from 'node:worker_threads';
import { UserError } from '../../runtime/errors.ts';
import type { TraceEvent } from '../../wire/trace.ts';
import { judgementOf } from './judgement.ts';
import type { Answer, EventsPart, Task } from './messages.ts';

/** A thread that judges one trace: what it is started with is a Task, and what it says is an Answer. */

const { judged, terms } = workerData as Task;

function answer(task: Task['judged']): void {
  parentPort?.postMessage(answerTo(task));
  parentPort?.close();
}

function answerTo(task: Task['judged']): Answer {
  try {
    return { judgement: judgementOf(task, terms) };
  } catch (error) {
    if (error instanceof UserError) return { mistakes: error.mistakes };
    throw error;
  }
}

if (judged.kind === 'events') {
  const events: TraceEvent[] = [];
  parentPort?.on('message', (part: EventsPart) => {
    for (const event of part) events.push(event);
    if (part.length === 0) answer({ ...judged, events });
  });
} else answer(judged);
