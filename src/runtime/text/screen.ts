import { styleText } from 'node:util';

/** How a piece of text is emphasised on a terminal. */
export type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow';
/** Emphasises a piece of text. */
export type Paint = (style: Style, text: string) => string;

/** No emphasis. */
export const plainPaint: Paint = (_style, text) => text;
/** Emphasis by ANSI escapes. */
export const ansiPaint: Paint = (style, text) => styleText(style, text, { validateStream: false });

/** Environment variables, in the form of Node. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Colours for a terminal. `FORCE_COLOR` turns them on everywhere (`0` and `false` off) and takes precedence over
 * `NO_COLOR`, as in Node itself; an empty variable is ignored.
 */
export function paintFor({ isTTY }: { readonly isTTY?: boolean }, env: Environment): Paint {
  const force = env['FORCE_COLOR'] ?? '';
  if (force !== '') return force === '0' || force === 'false' ? plainPaint : ansiPaint;
  return isTTY === true && (env['NO_COLOR'] ?? '') === '' ? ansiPaint : plainPaint;
}

/** The width of a terminal that does not report one. */
const USUAL_COLUMNS = 80;

/**
 * The number of columns for output: the value of `COLUMNS`, or else the width of the terminal. A width of 0 means that
 * it is unknown, and 80 is assumed.
 *
 * @param elsewhere the result if there is no terminal
 */
export function columnsOf(
  { isTTY, columns }: { readonly isTTY?: boolean; readonly columns?: number },
  env: Environment,
  elsewhere: number,
): number {
  const set = env['COLUMNS'] ?? '';
  if (/^\d{1,5}$/.test(set)) return Number(set) || USUAL_COLUMNS;
  return isTTY === true ? columns || USUAL_COLUMNS : elsewhere;
}
