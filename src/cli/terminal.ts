import { codeOf } from '../runtime/errors.ts';

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

/** Emphasis for a terminal; plain text everywhere else (and where NO_COLOR is set). */
export function paint(style: 'dim' | 'bold' | 'green', text: string): string {
  const code = { dim: 2, bold: 1, green: 32 }[style];
  const plain = !process.stdout.isTTY || (process.env['NO_COLOR'] ?? '') !== '';
  return plain ? text : `\u001b[${code}m${text}\u001b[0m`;
}
