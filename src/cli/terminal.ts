/** Writes a result, to standard output. */
export function print(text: string): void {
  process.stdout.write(`${printable(text)}\n`);
}

/** Says something to the person who runs us, on standard error. */
export function say(text: string): void {
  process.stderr.write(`${printable(text)}\n`);
}

/** What came from outside cannot move the cursor, ring the bell or forge a line. */
export function oneLine(text: string): string {
  return printable(text).replaceAll('\n', '\\n');
}

/** Emphasis for a terminal; plain text everywhere else (and where NO_COLOR is set). */
export function paint(style: 'dim' | 'bold' | 'green', text: string): string {
  const code = { dim: 2, bold: 1, green: 32 }[style];
  const plain = process.stdout.isTTY !== true || (process.env['NO_COLOR'] ?? '') !== '';
  return plain ? text : `\u001b[${code}m${text}\u001b[0m`;
}

function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  return text.replace(/[\u0000-\u0009\u000b-\u001a\u001c-\u001f\u007f-\u009f\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
