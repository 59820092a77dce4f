import { codeOf } from '../runtime/errors.ts';
import { columnsOf, paintFor, type Paint } from '../runtime/screen.ts';

/** Writes a result, to standard output. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Lets whoever read what is written go away: `serve --json | head -1` must not end the fake. */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      if (codeOf(error) !== 'EPIPE') throw error;
    });
  }
}

/** Says something to the person who runs us, on standard error. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/**
 * Text that came from outside, on one line: it cannot move the cursor, ring the bell or forge a line. What is
 * escaped is written as JSON does, so a line of JSON stays one.
 */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** Emphasis on standard output, where it is a terminal that wants it. */
export const paint: Paint = (style, text) => paintFor(process.stdout, process.env)(style, text);

/**
 * The columns of a list on standard output. What is piped into another program stays one line for each entry.
 *
 * @param widest wider lines are hard to read, however wide the terminal is
 */
export function listColumns(widest: number): number {
  const columns = columnsOf(process.stdout, process.env, Infinity);
  return Number.isFinite(columns) ? Math.min(widest, columns) : columns;
}
