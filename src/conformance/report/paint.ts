/** How a piece of text is emphasised on a terminal. */
export type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow';
export type Paint = (style: Style, text: string) => string;

const CODES: Readonly<Record<Style, number>> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 };

export const plainPaint: Paint = (_style, text) => text;
export const ansiPaint: Paint = (style, text) => `\u001b[${CODES[style]}m${text}\u001b[0m`;

/** Colours for terminals whose user has not said NO_COLOR (an empty one says nothing). */
export function paintFor(isTerminal: boolean, noColor: string | undefined): Paint {
  return isTerminal && (noColor ?? '') === '' ? ansiPaint : plainPaint;
}
