import { codeOf, systemReason } from '../runtime/errors.ts';
import { columnsOf, paintFor, type Paint } from '../runtime/text/screen.ts';

/** Writes a result to standard output. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** The exit code for a fault of ours. */
export const OWN_FAULT = 5;
/** The exit code when results could not be written. */
const NOT_WRITTEN = 2;

/**
 * Continues when the reader of the output goes away: `serve --json | head -1` must not end the fake. If standard output
 * can no longer be written (a full disk), that ends nothing either, since reports may go elsewhere; it is reported, and
 * the exit code says so.
 */
export function outliveReaders(): void {
  let isFull = false;
  process.stdout.on('error', (error: Error) => {
    if (codeOf(error) === 'EPIPE' || isFull) return;
    isFull = true;
    say(`Standard output cannot be written: ${systemReason(error)}`);
    // The exit code of a verdict may be set after this; a fault of ours takes precedence.
    process.once('exit', (code) => {
      if (code < OWN_FAULT) process.exitCode = NOT_WRITTEN;
    });
  });
  // There is no other place to report it.
  process.stderr.on('error', () => undefined);
}

/** Writes a message for the user to standard error. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Ends the process once all output has been written, whatever is still in progress. */
export async function leave(): Promise<never> {
  const written = [process.stdout, process.stderr].map(
    (stream) => new Promise<void>((resolve) => stream.write('', () => resolve())),
  );
  await Promise.all(written);
  process.exit();
}

/** Emphasis on standard output, if that is a terminal that supports it. */
export const paint: Paint = (style, text) => paintFor(process.stdout, process.env)(style, text);

/**
 * The width of a list on standard output. If it is piped into another program, each entry stays on one line.
 *
 * @param widest wider lines are hard to read, however wide the terminal is
 */
export function listColumns(widest: number): number {
  const columns = columnsOf(process.stdout, process.env, Infinity);
  return Number.isFinite(columns) ? Math.min(widest, columns) : columns;
}
