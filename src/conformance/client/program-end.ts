import { lastLines } from '../report/programs.ts';
import type { ProgramEnd } from '../report/report.ts';
import { endedAs } from './reports/ending.ts';
import type { ClientPlay } from './play-client.ts';

/** How the program of a play ended, for the report. */
export function programEnd({ name, outcome, stderr }: ClientPlay): ProgramEnd {
  return {
    play: name,
    end: endedAs(outcome),
    ...(outcome.kind === 'exited' ? { exitCode: outcome.code } : {}),
    ...(outcome.kind === 'signal' ? { signal: outcome.signal } : {}),
    stderr: lastLines(stderr.text),
    stderrByteCount: stderr.byteCount,
  };
}
