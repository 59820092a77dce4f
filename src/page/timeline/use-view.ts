import { useState } from 'preact/hooks';
import type { Timeline } from './timeline.ts';
import { following, panned, showing, whole, zoomed, type View } from './view.ts';

/** What is seen of a timeline, and how it is moved. */
export interface MovableView {
  readonly view: View;
  /** Whether it follows what happens. */
  readonly follows: boolean;
  /** @param atMs what stays where it is; the middle unless given */
  zoom(factor: number, atMs?: number): void;
  /** Moves by a part of what is seen, from where it is or from where it was. */
  pan(part: number, from?: View): void;
  /** Moves only if this time is not seen yet. */
  show(atMs: number): void;
  showAll(): void;
  /** To the end; it follows from then on if the session is open. */
  toEnd(): void;
  toggleFollowing(): void;
}

/** The view of a timeline, which follows an open session until the user moves it. */
export function useView({ bounds }: Timeline, isOpen: boolean): MovableView {
  // Undefined: it follows, or it is all of a session that has ended.
  const [still, setStill] = useState<View>();
  const view = still ?? (isOpen ? following(bounds) : whole(bounds));
  const follows = still === undefined && isOpen;
  const show = (atMs: number) => setStill(showing(view, atMs, bounds));
  return {
    view,
    follows,
    zoom: (factor, atMs = (view.fromMs + view.toMs) / 2) => setStill(zoomed(view, factor, atMs, bounds)),
    pan: (part, from = view) => setStill(panned(from, part * (from.toMs - from.fromMs), bounds)),
    show,
    showAll: () => setStill(whole(bounds)),
    toEnd: () => (isOpen ? setStill(undefined) : show(bounds.endMs)),
    toggleFollowing: () => setStill(follows ? view : undefined),
  };
}
