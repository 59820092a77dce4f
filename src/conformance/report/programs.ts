import { visible } from '../../runtime/plain.ts';
import type { ProgramEnd, Report } from './report.ts';

/** So many lines of what a program said last are kept, */
export const LAST_LINES = 10;
/** and so many bytes of them together: one line may be as long as it likes. */
export const LAST_BYTES = 4096;

/** Of one stack trace: with all of its frames there would be no room for the error above it. */
const MOST_FRAMES = 3;
const FRAME = /^\s+at \S/;

/**
 * The last lines of a text that are not empty, without the outer frames of stack traces. A line that there is no room for
 * keeps its end.
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
    // What is left of a character whose beginning is gone is no character.
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

/** Scenarios in which the program ended in the same way and with the same last words: it is told once. */
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

/** The same as lines without markup: how, where, and the last words behind a bar. */
export function badEndLines({ plays, end, stderr }: SameEnd): { head: string; words: readonly string[] } {
  return {
    head: visible(`${end} in ${plays.join(', ')}${stderr.length === 0 ? ', without a word' : ':'}`),
    words: stderr.map((line) => `| ${visible(line)}`),
  };
}
