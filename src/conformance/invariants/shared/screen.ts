import { normalise } from '../../text/normalise.ts';

/** A result as a client may show it, and the partial that it replaces, if any. */
export interface Update<Result> {
  readonly result: Result;
  readonly isFinal: boolean;
  /** The text without spaces. */
  readonly text: string;
  readonly before: Update<Result> | undefined;
}

/** What a client has been sent so far and may have on its screen. */
export interface Screen<Result> {
  /** Their texts, oldest first. */
  readonly finals: string[];
  readonly moments: Moment<Result>[];
}

/** The moment at which an update came. */
interface Moment<Result> {
  readonly update: Update<Result>;
  /** The partial shown at that moment; empty after a final. */
  readonly partial: string;
  readonly finalCount: number;
}

/**
 * A client may be at most this many results behind. There has to be a limit, since each display is compared with all of
 * them.
 */
const MOST_BEHIND = 100;
/** A single extra character may just as well be a label, such as "A:" for a speaker. */
const LEAST_SURPLUS = 2;

/** A screen before the first result. */
export function emptyScreen<Result>(): Screen<Result> {
  return { finals: [], moments: [] };
}

/** Without spaces, because the separation of words is up to the client. */
export function tight(text: unknown): string {
  return typeof text === 'string' ? normalise(text).replaceAll(' ', '') : '';
}

/** Adds an update that the client is sent. */
export function receive<Result>({ finals, moments }: Screen<Result>, update: Update<Result>): void {
  if (update.isFinal && update.text !== '') finals.push(update.text);
  moments.push({ update, partial: update.isFinal ? '' : update.text, finalCount: finals.length });
}

/**
 * Whether a display is empty or consists of some of the last finals and the partial of the same moment, oldest first or
 * newest first. The moment may be a past one, because a client may be late.
 */
export function isWell(display: string, { finals, moments }: Screen<unknown>): boolean {
  const told = tight(display);
  return moments.slice(-MOST_BEHIND).some(({ partial, finalCount }) => {
    const isOldestFirst =
      told.endsWith(partial) && endsIn(finals, finalCount, told.slice(0, told.length - partial.length));
    return (
      isOldestFirst || (told.startsWith(partial) && beginsIn(finals, finalCount, told.slice(partial.length)))
    );
  });
}

/**
 * The latest result that is shown next to results that it replaces, in either order and with any separator, unless that
 * text was actually sent.
 */
export function appendedIn<Result>(display: string, screen: Screen<Result>): Update<Result> | undefined {
  const told = tight(display);
  const borders = bordersOf(display);
  for (const { update } of screen.moments.slice(-MOST_BEHIND).reverse()) {
    if (update.text === '' || update.before === undefined) continue;
    for (const isBehind of [true, false]) {
      let chain = update.text;
      let older: Update<Result> | undefined = update.before;
      for (let i = 0; older !== undefined && i < MOST_BEHIND; older = older.before, i++) {
        chain = isBehind ? older.text + chain : chain + older.text;
        if (!told.includes(chain)) break;
        if (chain.length - update.text.length < LEAST_SURPLUS) continue;
        if (standsIn(told, chain, borders, screen) && !isSent(chain, told.length, screen)) return update;
      }
    }
  }
  return undefined;
}

/** Where words begin and end in a display from which spaces were removed. */
function bordersOf(display: string): ReadonlySet<number> {
  let at = 0;
  return new Set([
    0,
    ...normalise(display)
      .split(' ')
      .map((word) => (at += word.length)),
  ]);
}

/** Whether a text occurs in a display as whole words, rather than made of parts of other words. */
function standsIn(
  told: string,
  text: string,
  borders: ReadonlySet<number>,
  { finals }: Screen<unknown>,
): boolean {
  for (let at = told.indexOf(text); at >= 0; at = told.indexOf(text, at + 1)) {
    const end = at + text.length;
    const begins = borders.has(at) || endsIn(finals, finals.length, told.slice(0, at));
    if (begins && (borders.has(end) || beginsIn(finals, finals.length, told.slice(end)))) return true;
  }
  return false;
}

/** Whether a text occurs in the finals, or in some of the last of them followed by what came next. */
function isSent(text: string, most: number, { finals, moments }: Screen<unknown>): boolean {
  const { length } = finals;
  if (oldestFirst(finals, length, most).includes(text) || newestFirst(finals, length, most).includes(text))
    return true;
  return moments.slice(-MOST_BEHIND).some(({ partial, finalCount }) => {
    const before = oldestFirst(finals, finalCount, text.length);
    const after = newestFirst(finals, finalCount, text.length);
    return `${before}${partial}`.includes(text) || `${partial}${after}`.includes(text);
  });
}

/** Whether a text consists of exactly some of the last of the first `count` finals. */
function endsIn(finals: readonly string[], count: number, text: string): boolean {
  let left = text;
  for (let i = count - 1; left !== ''; i--) {
    const final = finals[i];
    if (final === undefined || !left.endsWith(final)) return false;
    left = left.slice(0, left.length - final.length);
  }
  return true;
}

/** The same, with the newest first. */
function beginsIn(finals: readonly string[], count: number, text: string): boolean {
  let left = text;
  for (let i = count - 1; left !== ''; i--) {
    const final = finals[i];
    if (final === undefined || !left.startsWith(final)) return false;
    left = left.slice(final.length);
  }
  return true;
}

/** The last of the first `count` finals, joined: as many as are needed to reach a length. */
function oldestFirst(finals: readonly string[], count: number, length: number): string {
  return lastOf(finals, count, length).reverse().join('');
}

function newestFirst(finals: readonly string[], count: number, length: number): string {
  return lastOf(finals, count, length).join('');
}

/** The newest first. */
function lastOf(finals: readonly string[], count: number, length: number): string[] {
  const last: string[] = [];
  let left = length;
  for (let i = count - 1; i >= 0 && left > 0; i--) {
    const final = finals[i] ?? '';
    last.push(final);
    left -= final.length;
  }
  return last;
}
