import { visible } from '../../runtime/text/plain.ts';
import type { ProgramEnd, Report } from './report.ts';

/** The number of last output lines that are kept, */
export const LAST_LINES = 10;
/** and of bytes in them together, since a single line may be very long. */
export const LAST_BYTES = 4096;

/** The limit for one stack trace, which would otherwise displace the error above it. */
const MOST_FRAMES = 3;
const FRAME = /^\s+at \S/;

/**
 * The last non-empty lines of a text, without the outer frames of stack traces. A line that does not fit keeps its end.
 */
export function lastLines(text: string): readonly string[] {
  let frames = 0;
  const lines = text.split(/\r\n|\r|\n/).filter((line) => {
    frames = FRAME.test(line) ? frames + 1 : 0;
    return line.trim() !== '' && frames <= MOST_FRAMES;
  });
  const kept: string[] = [];
  let left = LAST_BYTES;
  for (const line of lines.slice(-LAST_LINES).reverse()) {
    if (left === 0) break;
    const bytes = Buffer.from(line);
    // Remaining bytes of a character that was cut in two are dropped.
    const isWhole = bytes.length <= left;
    kept.unshift(
      isWhole
        ? line
        : `…${bytes
            .subarray(-left)
            .toString('utf8')
            .replace(/^\ufffd+/, '')}`,
    );
    left -= Math.min(left, bytes.length);
  }
  return kept;
}

/** How a program ended, in words. */
export function endText({ end, exitCode, signal }: ProgramEnd): string {
  if (exitCode !== undefined) return `exit code ${exitCode}`;
  if (signal !== undefined) return `killed by ${signal}`;
  if (end === 'timeout') return 'did not end in time';
  return end === 'stopped' ? 'stopped with the run' : end;
}

/** Scenarios in which the program ended in the same way with the same last output, which is reported once. */
export interface SameEnd {
  readonly plays: readonly string[];
  readonly end: string;
  /** The last lines of its standard error. */
  readonly stderr: readonly string[];
}

/** The programs of a run that did not end with exit code 0, in the order of the plays. */
export function badEnds({ programs = [] }: Report): readonly SameEnd[] {
  const groups = new Map<string, SameEnd>();
  for (const program of programs) {
    if (program.exitCode === 0) continue;
    const end = endText(program);
    const key = JSON.stringify([end, program.stderr]);
    const { plays = [] } = groups.get(key) ?? {};
    groups.set(key, { plays: [...plays, program.play], end, stderr: program.stderr });
  }
  return [...groups.values()];
}

/** The same as lines without markup: how, where, and the last output behind a bar. */
export function badEndLines({ plays, end, stderr }: SameEnd): { head: string; words: readonly string[] } {
  return {
    head: visible(
      `${end} in ${plays.join(', ')}${stderr.length === 0 ? ', with nothing on standard error' : ':'}`,
    ),
    words: stderr.map((line) => `| ${visible(line)}`),
  };
}
