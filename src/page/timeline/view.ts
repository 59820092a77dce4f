/** The visible part of a timeline. Pure. */

/** The part of the time that is shown. */
export interface View {
  readonly fromMs: number;
  readonly toMs: number;
  /** Whether its end follows the session, until the user looks elsewhere. */
  readonly follows: boolean;
}

/** The time that can be shown. */
export interface Bounds {
  readonly startMs: number;
  readonly endMs: number;
}

/** The shortest visible time and, unless the session is longer, the longest. */
const SHORTEST_MS = 50;
/** The visible time at first, and while it follows. */
const FOLLOWED_MS = 12_000;
/** The part of a view that is left free at its end while it follows. */
const AHEAD = 0.03;

/** A view of the same length that ends where the session is. */
export function following({ startMs, endMs }: Bounds, lengthMs = FOLLOWED_MS): View {
  const toMs = Math.max(startMs + lengthMs, endMs + lengthMs * AHEAD);
  return { fromMs: toMs - lengthMs, toMs, follows: true };
}

/** A view of the whole session. */
export function whole({ startMs, endMs }: Bounds): View {
  return { fromMs: startMs, toMs: endMs + (endMs - startMs) * AHEAD, follows: false };
}

/** Shows `factor` times as much; the time `atMs` stays in its place. */
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

/** Shows what is `byMs` later. */
export function panned(view: View, byMs: number, bounds: Bounds): View {
  return within({ fromMs: view.fromMs + byMs, toMs: view.toMs + byMs, follows: false }, bounds);
}

/** Shows a time, without moving if it is already visible. */
export function showing(view: View, atMs: number, bounds: Bounds): View {
  const still = { ...view, follows: false };
  if (atMs >= view.fromMs && atMs <= view.toMs) return still;
  const length = view.toMs - view.fromMs;
  return within({ ...still, fromMs: atMs - length / 2, toMs: atMs + length / 2 }, bounds);
}

/** Limits a view so that something is always visible. */
function within(view: View, { startMs, endMs }: Bounds): View {
  const length = view.toMs - view.fromMs;
  const fromMs = Math.max(startMs - length / 2, Math.min(view.fromMs, endMs - length / 2));
  return { ...view, fromMs, toMs: fromMs + length };
}
