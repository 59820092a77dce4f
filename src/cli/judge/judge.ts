import { Worker } from 'node:worker_threads';
import { CannotTell } from '../../mock-server/control/cannot-tell.ts';
import type { Judge, Judgement } from '../../mock-server/control/judge/judging.ts';
import { realClock } from '../../runtime/clock.ts';
import { codeOf, UserError } from '../../runtime/errors.ts';
import { atEndOfTurn } from '../../runtime/turn.ts';
import type { Answer, EventsPart, Task } from './messages.ts';

/** Traces that are judged or wait for it; each may take as much memory as MOST_MIB. */
const MOST_WAITING = 8;
/** The longest that is judged takes a few seconds on a machine that has nothing else to do. */
const PATIENCE_MS = 60_000;
/** What a thread may have on its heap: the longest trace that is judged takes a fifth of it. */
const MOST_MIB = 1024;
/** Events that are handed over in one turn of the event loop. */
const PART = 250;

const TOO_LONG = 'understudy conformance trace FILE, which has no such limit';

/** The judges of `conformance trace`, for the live page. This is the only place where the fake and the judges meet. */
export const judge: Judge = judgeIn(new URL('./thread.js', import.meta.url));

/**
 * Judges in threads, one trace after another, since the fake must not be late meanwhile.
 *
 * @param program the compiled `thread.ts`
 */
export function judgeIn(program: URL): Judge {
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();
  return async (judged, terms = {}) => {
    if (waiting >= MOST_WAITING)
      throw new CannotTell(503, `${MOST_WAITING} traces are being judged already`, 'the same call later');
    waiting += 1;
    const mine = last.then(() => judgeInThread(program, { judged, terms }));
    last = mine.catch(() => undefined);
    try {
      return await mine;
    } finally {
      waiting -= 1;
    }
  };
}

async function judgeInThread(program: URL, task: Task): Promise<Judgement> {
  const { judged } = task;
  const thread = new Worker(program, {
    workerData: { ...task, judged: judged.kind === 'events' ? { ...judged, events: [] } : judged },
    resourceLimits: { maxOldGenerationSizeMb: MOST_MIB },
    // Nothing of what Node.js was started with is about a thread.
    execArgv: [],
  });
  // The end of the fake does not wait for a verdict.
  thread.unref();
  const wall = realClock();
  let cancel: (() => void) | undefined;
  try {
    const answer = await new Promise<Answer>((resolve, reject) => {
      cancel = wall.at(PATIENCE_MS, () =>
        reject(new CannotTell(503, `It took longer than ${PATIENCE_MS / 1000} s to judge it`, TOO_LONG)),
      );
      thread.once('message', resolve);
      thread.once('error', (error) => reject(causeOf(error)));
      thread.once('exit', (code) => reject(new Error(`the thread of the judges ended with ${code}`)));
      if (judged.kind === 'events') handOver(thread, judged.events);
    });
    if ('mistakes' in answer) throw new UserError(answer.mistakes);
    return answer.judgement;
  } finally {
    cancel?.();
    void thread.terminate();
  }
}

/** A part in each turn: to copy all of a long trace at once would keep everyone waiting. */
function handOver(thread: Worker, events: EventsPart, from = 0): void {
  const part = events.slice(from, from + PART);
  thread.postMessage(part);
  if (part.length > 0) atEndOfTurn(() => handOver(thread, events, from + PART));
}

function causeOf(error: Error): Error {
  return codeOf(error) === 'ERR_WORKER_OUT_OF_MEMORY'
    ? new CannotTell(503, 'There is not enough memory to judge it here', TOO_LONG)
    : error;
}
