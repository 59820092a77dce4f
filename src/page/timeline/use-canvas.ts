import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

/** A canvas on the page; null until it is there. */
export type Canvas = RefObject<HTMLCanvasElement | null>;

/** The width of a canvas in pixels of the page; 0 until it is known. */
export function useWidth(canvas: Canvas): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const { current } = canvas;
    if (current === null) return;
    const look = new ResizeObserver(() => setWidth(current.clientWidth));
    look.observe(current);
    return () => look.disconnect();
  }, []);
  return width;
}

/** Listens to the wheel. Not by an attribute: the browser would take it for a listener that never stops scrolling. */
export function useWheel(canvas: Canvas, onWheel: (event: WheelEvent) => void): void {
  const latest = useRef(onWheel);
  latest.current = onWheel;
  useEffect(() => {
    const { current } = canvas;
    const listen = (event: WheelEvent) => latest.current(event);
    current?.addEventListener('wheel', listen, { passive: false });
    return () => current?.removeEventListener('wheel', listen);
  }, []);
}

/** Makes a canvas as sharp as the screen, and gives what draws on it in pixels of the page; undefined without a size. */
export function sharpened(
  canvas: Canvas,
  width: number,
  height: number,
): CanvasRenderingContext2D | undefined {
  const context = canvas.current?.getContext('2d');
  if (context === undefined || context === null || width === 0) return undefined;
  const ratio = devicePixelRatio;
  const [wide, tall] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (context.canvas.width !== wide) context.canvas.width = wide;
  if (context.canvas.height !== tall) context.canvas.height = tall;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

/** Draws again when the reader changes from light to dark. */
export function useIsDark(): boolean {
  const [isDark, setDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches);
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const look = () => setDark(query.matches);
    query.addEventListener('change', look);
    return () => query.removeEventListener('change', look);
  }, []);
  return isDark;
}
