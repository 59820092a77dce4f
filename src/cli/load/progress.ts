import type { LoadProgress } from '../../load/run-load.ts';
import { startOf } from '../../runtime/text/wrapped.ts';
import { columnsOf } from '../../runtime/text/screen.ts';
import { say } from '../terminal.ts';

/** Seconds between two lines if standard error is not a terminal. */
const EVERY = 10;

/** On a terminal one line that changes every second, elsewhere a line from time to time. */
export function watchLoad(sessions: number): {
  readonly show: (progress: LoadProgress) => void;
  readonly done: () => void;
} {
  const isTerminal = process.stderr.isTTY;
  let calls = 0;
  const clear = () => {
    if (isTerminal) process.stderr.write('\r\u001b[K');
  };
  return {
    show(progress) {
      calls += 1;
      const text = lineOf(progress, sessions);
      if (isTerminal) {
        clear();
        process.stderr.write(startOf(text, Math.max(20, columnsOf(process.stderr, process.env, 80) - 1)));
      } else if (calls % EVERY === 0) say(text);
    },
    done: clear,
  };
}

function lineOf({ nowMs, meter }: LoadProgress, sessions: number): string {
  const { counts } = meter;
  const times = (['first-result', 'final-lag', 'lateness'] as const).flatMap((name) => {
    const ms = meter.soFar(name, 0.95);
    return ms === undefined ? [] : [`${name} p95 ${Math.round(ms)} ms`];
  });
  const wrong = (['refused', 'failed', 'closed-early', 'errors', 'lost-finals'] as const).flatMap((name) =>
    counts[name] === 0 ? [] : [`${name} ${counts[name]}`],
  );
  return [
    `${Math.round(nowMs / 1000)} s: ${counts.started} of ${sessions} begun, ${meter.open} open`,
    ...times,
    ...wrong,
  ].join(', ');
}
