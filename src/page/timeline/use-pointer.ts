import { useRef, useState } from 'preact/hooks';
import type { MovableView } from './use-view.ts';
import type { View } from './view.ts';

/** A drawing that is being moved. */
interface Drag {
  /** Where the pointer was at first, and what was seen. */
  readonly x: number;
  readonly view: View;
  moved: boolean;
}

/** A pointer that moved further than this drags, and does not choose. */
const CLICK_PX = 4;

/** A place in the drawing, in time and in words. */
export interface Pointed {
  readonly atMs: number;
  readonly text: string;
}

interface PointerOptions {
  readonly movable: MovableView;
  readonly width: number;
  /** What is said about the place of the pointer. */
  readonly at: (event: PointerEvent) => Pointed;
  readonly onClick: (event: PointerEvent) => void;
}

/** The listeners of a canvas that is dragged, clicked and pointed at. */
export interface PointerListeners {
  readonly onPointerMove: (event: PointerEvent) => void;
  readonly onPointerDown: (event: PointerEvent) => void;
  readonly onPointerUp: (event: PointerEvent) => void;
  readonly onPointerCancel: () => void;
  readonly onPointerLeave: () => void;
}

/** What the pointer does, and what it points at. */
export function usePointer({
  movable,
  width,
  at,
  onClick,
}: PointerOptions): readonly [pointed: Pointed | undefined, listeners: PointerListeners] {
  const [pointed, setPointed] = useState<Pointed>();
  const drag = useRef<Drag | undefined>(undefined);
  return [
    pointed,
    {
      onPointerMove(event) {
        const { current } = drag;
        if (current === undefined) return setPointed(at(event));
        const byPx = current.x - event.offsetX;
        if (Math.abs(byPx) > CLICK_PX) current.moved = true;
        if (current.moved) movable.pan(byPx / Math.max(1, width), current.view);
      },
      onPointerDown(event) {
        if (event.button !== 0) return;
        drag.current = { x: event.offsetX, view: movable.view, moved: false };
        (event.currentTarget as HTMLCanvasElement).setPointerCapture(event.pointerId);
      },
      onPointerUp(event) {
        const wasClick = drag.current?.moved === false;
        drag.current = undefined;
        if (wasClick) onClick(event);
      },
      onPointerCancel: () => (drag.current = undefined),
      onPointerLeave: () => setPointed(undefined),
    },
  ];
}
