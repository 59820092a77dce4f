/** Which part of a timeline is seen. Pure. */

/** The part of the time that is shown. */
export interface View {
  readonly fromMs: number;
  readonly toMs: number;
  /** Its end is where the session is. Ends as soon as its reader looks elsewhere. */
  readonly follows: boolean;
}

/** The time that can be shown. */
export interface Bounds {
  readonly startMs: number;
  readonly endMs: number;
}

/** The shortest and, unless the session is longer, the longest time that can be seen. */
const SHORTEST_MS = 50;
/** What is seen at first, and while it follows. */
export const FOLLOWED_MS = 12_000;
/** The part of a view that is free at its end while it follows. */
const AHEAD = 0.03;

/** As much as was seen before, up to where the session is. */
export function following({ startMs, endMs }: Bounds, lengthMs = FOLLOWED_MS): View {
  const toMs = Math.max(startMs + lengthMs, endMs + lengthMs * AHEAD);
  return { fromMs: toMs - lengthMs, toMs, follows: true };
}

/** All of the session. */
export function whole({ startMs, endMs }: Bounds): View {
  return { fromMs: startMs, toMs: endMs + (endMs - startMs) * AHEAD, follows: false };
}

/** Sees `factor` times as much; the time `atMs` stays where it is. */
export function zoomed(view: View, factor: number, atMs: number, bounds: Bounds): View {
  const all = whole(bounds);
  const before = view.toMs - view.fromMs;
  const length = Math.max(
    SHORTEST_MS,
    Math.min(before * factor, Math.max(all.toMs - all.fromMs, FOLLOWED_MS)),
  );
  const part = (atMs - view.fromMs) / before;
  return within({ fromMs: atMs - part * length, toMs: atMs + (1 - part) * length, follows: false }, bounds);
}

/** Sees what is `byMs` later. */
export function panned(view: View, byMs: number, bounds: Bounds): View {
  return within({ fromMs: view.fromMs + byMs, toMs: view.toMs + byMs, follows: false }, bounds);
}

/** Sees a time, without moving if it is seen already. */
export function showing(view: View, atMs: number, bounds: Bounds): View {
  const still = { ...view, follows: false };
  if (atMs >= view.fromMs && atMs <= view.toMs) return still;
  const length = view.toMs - view.fromMs;
  return within({ ...still, fromMs: atMs - length / 2, toMs: atMs + length / 2 }, bounds);
}

/** Not so far that nothing is seen any more. */
function within(view: View, { startMs, endMs }: Bounds): View {
  const length = view.toMs - view.fromMs;
  const fromMs = Math.max(startMs - length / 2, Math.min(view.fromMs, endMs - length / 2));
  return { ...view, fromMs, toMs: fromMs + length };
}
