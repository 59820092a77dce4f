import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { draw, scaleOf, type Colours } from './draw.ts';
import { firstWhere } from './audio.ts';
import { HEIGHT, markAt } from './lanes.ts';
import type { Mark } from './marks.ts';
import type { Timeline } from './timeline.ts';
import { following, panned, showing, whole, zoomed, type View } from './view.ts';
import { placeAt, sentenceOf } from './words.ts';

interface TimelineProps {
  readonly timeline: Timeline;
  /** Changes when there is more in it. */
  readonly version: number;
  readonly isOpen: boolean;
  readonly chosen: number | undefined;
  readonly onChoose: (index: number) => void;
}

/** A drawing that is being moved. */
interface Drag {
  /** Where the pointer was at first, and what was seen. */
  readonly x: number;
  readonly view: View;
  moved: boolean;
}

const ZOOM = 1.5;
/** The part of what is seen by which a key moves. */
const PAN = 0.25;
/** A pointer that moved further than this drags, and does not choose. */
const CLICK_PX = 4;

/** The timeline of one session: sound above words, and what else happened. */
export function TimelineView({ timeline, version, isOpen, chosen, onChoose }: TimelineProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const figure = useRef<HTMLElement>(null);
  const [width, setWidth] = useState(0);
  // Undefined: it follows, or it is all of a session that has ended.
  const [still, setStill] = useState<View>();
  const [pointed, setPointed] = useState<{ readonly atMs: number; readonly text: string }>();
  const [told, setTold] = useState('');
  const drag = useRef<Drag | undefined>(undefined);
  const { bounds } = timeline;
  const view = still ?? (isOpen ? following(bounds) : whole(bounds));
  const xOf = scaleOf(view, width);
  const msOf = (x: number) => view.fromMs + (x / Math.max(1, width)) * (view.toMs - view.fromMs);

  useEffect(() => {
    const { current } = canvas;
    if (current === null) return;
    const look = new ResizeObserver(() => setWidth(current.clientWidth));
    look.observe(current);
    return () => look.disconnect();
  }, []);
  const isDark = useIsDark();
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (context === undefined || context === null || figure.current === null || width === 0) return;
    const ratio = devicePixelRatio;
    const [wide, tall] = [Math.round(width * ratio), Math.round(HEIGHT * ratio)];
    if (context.canvas.width !== wide) context.canvas.width = wide;
    if (context.canvas.height !== tall) context.canvas.height = tall;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    draw(context, {
      timeline,
      view,
      width,
      chosen,
      pointedMs: pointed?.atMs,
      colours: coloursOf(figure.current),
    });
  }, [timeline, version, view.fromMs, view.toMs, width, chosen, pointed?.atMs, isDark]);

  const zoom = (factor: number, atMs = (view.fromMs + view.toMs) / 2) =>
    setStill(zoomed(view, factor, atMs, bounds));
  const pan = (part: number) => setStill(panned(view, part * (view.toMs - view.fromMs), bounds));
  const choose = (mark: Mark | undefined) => {
    if (mark === undefined) return;
    setStill(showing(view, mark.atMs, bounds));
    setTold(sentenceOf(mark, timeline));
    onChoose(mark.index);
  };
  const toMark = (by: 1 | -1) => {
    const { marks } = timeline;
    const at = marks.findIndex(({ index }) => index === chosen);
    const seen = firstWhere(marks, ({ atMs }) => atMs >= view.fromMs);
    choose(
      marks[at < 0 ? Math.min(seen, marks.length - 1) : Math.max(0, Math.min(marks.length - 1, at + by))],
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to: Readonly<Record<string, () => void>> = {
      ArrowRight: () => (event.shiftKey ? pan(PAN) : toMark(1)),
      ArrowLeft: () => (event.shiftKey ? pan(-PAN) : toMark(-1)),
      '+': () => zoom(1 / ZOOM),
      '=': () => zoom(1 / ZOOM),
      '-': () => zoom(ZOOM),
      '0': () => setStill(whole(bounds)),
      Home: () => setStill(showing(view, bounds.startMs, bounds)),
      End: () => setStill(isOpen ? undefined : showing(view, bounds.endMs, bounds)),
    };
    const act = to[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };
  // Not by an attribute: the browser would take it for a listener that never stops scrolling.
  const onWheel = useRef((_event: WheelEvent): void => undefined);
  onWheel.current = (event) => {
    const across = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
    if (event.ctrlKey || event.metaKey) zoom(ZOOM ** (event.deltaY / 100), msOf(event.offsetX));
    else if (Math.abs(across) > 0 && (event.shiftKey || Math.abs(across) > Math.abs(event.deltaY)))
      pan(across / Math.max(1, width));
    // The wheel alone scrolls the page.
    else return;
    event.preventDefault();
  };
  useEffect(() => {
    const { current } = canvas;
    const listen = (event: WheelEvent) => onWheel.current(event);
    current?.addEventListener('wheel', listen, { passive: false });
    return () => current?.removeEventListener('wheel', listen);
  }, []);
  const under = ({ offsetX: x, offsetY: y }: PointerEvent) =>
    markAt(nearMarks(timeline, view), timeline.audio, { x, y }, xOf);
  const onPointerMove = (event: PointerEvent) => {
    const { current } = drag;
    if (current !== undefined) {
      const byPx = current.x - event.offsetX;
      if (Math.abs(byPx) > CLICK_PX) current.moved = true;
      if (current.moved)
        setStill(
          panned(
            current.view,
            (byPx / Math.max(1, width)) * (current.view.toMs - current.view.fromMs),
            bounds,
          ),
        );
      return;
    }
    const mark = under(event);
    const atMs = mark?.atMs ?? msOf(event.offsetX);
    setPointed({ atMs, text: mark === undefined ? placeAt(timeline, atMs) : sentenceOf(mark, timeline) });
  };
  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    drag.current = { x: event.offsetX, view, moved: false };
    canvas.current?.setPointerCapture(event.pointerId);
  };
  const onPointerUp = (event: PointerEvent) => {
    const wasClick = drag.current?.moved === false;
    drag.current = undefined;
    if (wasClick) choose(under(event));
  };
  const follows = still === undefined && isOpen;
  return (
    <figure class="card timeline" ref={figure} aria-label="Timeline">
      <div class="row">
        <Legend />
        <span class="gap" />
        <span class="buttons">
          <button type="button" aria-label="See more time" onClick={() => zoom(ZOOM)}>
            −
          </button>
          <button type="button" aria-label="See less time" onClick={() => zoom(1 / ZOOM)}>
            +
          </button>
          <button type="button" onClick={() => setStill(whole(bounds))}>
            All
          </button>
          {isOpen && (
            <button type="button" aria-pressed={follows} onClick={() => setStill(follows ? view : undefined)}>
              Follow
            </button>
          )}
        </span>
      </div>
      <canvas
        ref={canvas}
        tabIndex={0}
        role="img"
        aria-label={`Audio and results over time: ${countsOf(timeline)}. Left and right go from mark to mark, plus and minus zoom.`}
        style={{ height: `${HEIGHT}px` }}
        onKeyDown={onKeyDown}
        onPointerMove={onPointerMove}
        onPointerDown={onPointerDown}
        onPointerUp={onPointerUp}
        onPointerCancel={() => (drag.current = undefined)}
        onPointerLeave={() => setPointed(undefined)}
      />
      <figcaption>
        <span>{pointed?.text ?? ''}</span>
        <span class={pointed === undefined ? '' : 'unseen'} role="status">
          {told === ''
            ? 'Point at something to see its times; drag, or press Shift and turn the wheel, to move; press Ctrl and turn it to zoom.'
            : told}
        </span>
      </figcaption>
    </figure>
  );
}

/** Those that may be seen. */
function nearMarks({ marks }: Timeline, { fromMs, toMs }: View): readonly Mark[] {
  const length = toMs - fromMs;
  return marks.slice(
    firstWhere(marks, ({ atMs }) => atMs >= fromMs - length),
    firstWhere(marks, ({ atMs }) => atMs > toMs + length),
  );
}

function countsOf({ marks, audio }: Timeline): string {
  const count = (kind: string) => marks.filter((mark) => mark.kind === kind).length;
  return `${(audio.lengthMs / 1000).toFixed(0)} seconds of audio, ${count('partial')} partials, ${count('final')} finals`;
}

const SWATCHES = [
  ['good', 'level'],
  ['tint', 'speech'],
  ['accent', 'results'],
  ['bad', 'faults'],
] as const;

/** Says what the colours are, and has them for the drawing. */
function Legend(): JSX.Element {
  return (
    <p class="legend">
      {SWATCHES.map(([name, title]) => (
        <span key={name}>
          <i class={`swatch ${name}`} /> {title}
        </span>
      ))}
      {(['text', 'quiet', 'line'] as const).map((name) => (
        <i key={name} class={`swatch ${name}`} hidden />
      ))}
    </p>
  );
}

/** The colours of the style, as they are now. */
function coloursOf(figure: HTMLElement): Colours {
  const of = (name: string) => {
    const swatch = figure.querySelector(`.swatch.${name}`);
    return swatch === null ? '#888' : getComputedStyle(swatch).backgroundColor;
  };
  return {
    ...{ text: of('text'), quiet: of('quiet'), line: of('line'), tint: of('tint') },
    ...{ accent: of('accent'), good: of('good'), bad: of('bad') },
  };
}

/** Draws again when the reader changes from light to dark. */
function useIsDark(): boolean {
  const [isDark, setDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches);
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const look = () => setDark(query.matches);
    query.addEventListener('change', look);
    return () => query.removeEventListener('change', look);
  }, []);
  return isDark;
}
