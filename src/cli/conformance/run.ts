import type { Progress } from '../../conformance/progress.ts';
import { untilStopped } from '../until-stopped.ts';
import { finishRun, prepareOutput, type Finished, type Output } from './output.ts';
import { watchProgress } from './progress.ts';

/** What a run takes from the command line that starts it. */
interface Watch {
  /** SIGINT or SIGTERM calls it off. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/**
 * Tries where the results go, runs, shows what the run is doing, prints and writes its reports, and sets the exit code.
 *
 * @throws UserError for a destination that cannot be written
 */
export async function runInTerminal(output: Output, run: (watch: Watch) => Promise<Finished>): Promise<void> {
  prepareOutput(output);
  const progress = watchProgress();
  try {
    const finished = await untilStopped((signal) => run({ signal, onProgress: progress.show }));
    progress.done();
    finishRun(finished, output);
  } finally {
    progress.done();
  }
}
