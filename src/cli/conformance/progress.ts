import type { Progress } from '../../conformance/progress.ts';
import { columnsOf } from '../../runtime/text/screen.ts';
import { startOf } from '../../runtime/text/wrapped.ts';
import { visible } from '../../runtime/text/plain.ts';
import { say } from '../terminal.ts';

/** Shows what a run is doing, on standard error. */
export interface ProgressView {
  readonly show: (progress: Progress) => void;
  /** Clears the line. */
  readonly done: () => void;
}

/** The number of lines in a log per phase. */
const LINES = 10;

/** On a terminal one line that changes, elsewhere a line from time to time. */
export function watchProgress(): ProgressView {
  let isDirty = false;
  const clear = () => {
    if (isDirty) process.stderr.write('\r\u001b[K');
    isDirty = false;
  };
  const line = (text: string) => {
    clear();
    process.stderr.write(
      startOf(visible(text), Math.max(20, columnsOf(process.stderr, process.env, 80) - 1)),
    );
    isDirty = true;
  };
  return {
    show(progress) {
      const text = textOf(progress);
      if (progress.kind === 'plan' || progress.kind === 'scenarios') return say(visible(text));
      if (process.stderr.isTTY) return line(text);
      const isCounted = progress.kind === 'played' || progress.kind === 'ended';
      if (isCounted && !isWorthALine(progress.done, progress.of)) return;
      say(visible(text));
    },
    done: clear,
  };
}

function isWorthALine(done: number, of: number): boolean {
  const every = Math.max(1, Math.ceil(of / LINES));
  return done % every === 0 || done === of;
}

function textOf(progress: Progress): string {
  switch (progress.kind) {
    case 'plan': {
      const { target, probes, of, cost, runs, budget } = progress;
      const some = probes === of ? `${probes} probes` : `${probes} of ${of} probes`;
      const made = runs === 0 ? '' : ` and ${runs} generated sessions`;
      const own = `${seconds(cost.audioMs)} of audio, ${cost.sessions} sessions`;
      return `${target}: ${some} (${own})${made}; at most ${seconds(budget.audioMs)} of audio, ${budget.sessions} sessions, ${seconds(budget.timeMs)}`;
    }
    case 'played': {
      const { name, done, of, spent } = progress;
      return `${done}/${of} ${name}; so far ${seconds(spent.audioMs)} of audio, ${spent.sessions} sessions, ${seconds(spent.timeMs)}`;
    }
    case 'scenarios': {
      const { dialect, of, concurrency, timeoutMs } = progress;
      return `${of} ${of === 1 ? 'scenario' : 'scenarios'} for a client of ${dialect}, ${Math.min(of, concurrency)} at the same time, at most ${seconds(timeoutMs)} each`;
    }
    case 'waiting':
      return `${progress.done + 1}/${progress.of} ${progress.name}: connect a client`;
    case 'connected':
      return `${progress.done + 1}/${progress.of} ${progress.name}: a client has connected`;
    case 'ended':
      return `${progress.done}/${progress.of} ${progress.name}`;
    case 'shrinking':
      return `${progress.id} is broken: looking for the smallest session that shows it`;
  }
}

function seconds(ms: number): string {
  return ms >= 600_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 1000)} s`;
}
