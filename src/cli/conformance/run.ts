import type { Progress } from '../../conformance/progress.ts';
import { monotonicNowMs } from '../../runtime/real-time.ts';
import { untilStopped } from '../until-stopped.ts';
import { finishRun, prepareOutput, type Finished, type Output } from './output.ts';
import { watchProgress } from './progress.ts';

/** What a run takes from the command line that starts it. */
interface Watch {
  /** Aborted by SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  /** How long ago the command began. On a busy machine a process takes seconds to start. */
  readonly spentMs: number;
}

/**
 * Checks the destinations of the results, runs, shows the progress, prints and writes its reports, and sets the exit
 * code.
 *
 * @throws UserError for a destination that cannot be written
 */
export async function runInTerminal(output: Output, run: (watch: Watch) => Promise<Finished>): Promise<void> {
  prepareOutput(output);
  const progress = watchProgress();
  try {
    const finished = await untilStopped((signal) => {
      return run({ signal, onProgress: progress.show, spentMs: monotonicNowMs() });
    });
    progress.done();
    finishRun(finished, output);
  } finally {
    progress.done();
  }
}
