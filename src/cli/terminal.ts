import { codeOf } from '../runtime/errors.ts';
import { columnsOf, paintFor, type Paint } from '../runtime/text/screen.ts';

/** Writes a result, to standard output. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** A fault of ours. */
export const OWN_FAULT = 5;
/** Results that could not be written. */
const NOT_WRITTEN = 2;

/**
 * Lets the reader of what is written go away: `serve --json | head -1` must not end the fake. A standard output that
 * takes no more (a full disk) ends nothing either, since reports may go elsewhere; it is named, and the exit code says so.
 */
export function outliveReaders(): void {
  let isFull = false;
  process.stdout.on('error', (error: Error) => {
    if (codeOf(error) === 'EPIPE' || isFull) return;
    isFull = true;
    say(`Standard output cannot be written (${codeOf(error) ?? error.message})`);
    // The exit code of a verdict may be set later than this; a fault of ours ranks before it.
    process.once('exit', (code) => {
      if (code < OWN_FAULT) process.exitCode = NOT_WRITTEN;
    });
  });
  // There is no other place to say it.
  process.stderr.on('error', () => undefined);
}

/** Says something to the person who runs us, on standard error. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Ends the process once all that was said is written, whatever is still under way. */
export async function leave(): Promise<never> {
  const written = [process.stdout, process.stderr].map(
    (stream) => new Promise<void>((resolve) => stream.write('', () => resolve())),
  );
  await Promise.all(written);
  process.exit();
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
