import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { draw, scaleOf } from './draw.ts';
import { firstWhere } from './audio.ts';
import { HEIGHT, markAt } from './lanes.ts';
import { coloursOf, Legend } from './legend.tsx';
import type { Mark } from './marks.ts';
import type { Timeline } from './timeline.ts';
import { sharpened, useIsDark, useWheel, useWidth } from './use-canvas.ts';
import { usePointer } from './use-pointer.ts';
import { useView, type MovableView } from './use-view.ts';
import type { View } from './view.ts';
import { placeAt, sentenceOf } from './words.ts';

interface TimelineProps {
  readonly timeline: Timeline;
  /** Changes when there is more in it. */
  readonly version: number;
  readonly isOpen: boolean;
  readonly chosen: number | undefined;
  readonly onChoose: (index: number) => void;
}

const ZOOM = 1.5;
/** The part of what is seen by which a key moves. */
const PAN = 0.25;

/** The timeline of one session: sound above words, and what else happened. */
export function TimelineView({ timeline, version, isOpen, chosen, onChoose }: TimelineProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const figure = useRef<HTMLElement>(null);
  const [told, setTold] = useState('');
  const width = useWidth(canvas);
  const isDark = useIsDark();
  const movable = useView(timeline, isOpen);
  const { view } = movable;
  const msOf = (x: number) => view.fromMs + (x / Math.max(1, width)) * (view.toMs - view.fromMs);
  const under = ({ offsetX: x, offsetY: y }: PointerEvent) =>
    markAt(nearMarks(timeline, view), timeline.audio, { x, y }, scaleOf(view, width));
  const choose = (mark: Mark | undefined) => {
    if (mark === undefined) return;
    movable.show(mark.atMs);
    setTold(sentenceOf(mark, timeline));
    onChoose(mark.index);
  };
  const [pointed, pointer] = usePointer({
    movable,
    width,
    at(event) {
      const mark = under(event);
      const atMs = mark?.atMs ?? msOf(event.offsetX);
      return { atMs, text: mark === undefined ? placeAt(timeline, atMs) : sentenceOf(mark, timeline) };
    },
    onClick: (event) => choose(under(event)),
  });
  useWheel(canvas, (event) => {
    const across = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
    if (event.ctrlKey || event.metaKey) movable.zoom(ZOOM ** (event.deltaY / 100), msOf(event.offsetX));
    else if (Math.abs(across) > 0 && (event.shiftKey || Math.abs(across) > Math.abs(event.deltaY)))
      movable.pan(across / Math.max(1, width));
    // The wheel alone scrolls the page.
    else return;
    event.preventDefault();
  });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = keysOf(movable, timeline, (by) => choose(nextMark(timeline, view, chosen, by)))[
      `${event.shiftKey && event.key.startsWith('Arrow') ? 'Shift ' : ''}${event.key}`
    ];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };
  useLayoutEffect(() => {
    const context = sharpened(canvas, width, HEIGHT);
    if (context === undefined || figure.current === null) return;
    const colours = coloursOf(figure.current);
    draw(context, { timeline, view, width, chosen, pointedMs: pointed?.atMs, colours });
  }, [timeline, version, view.fromMs, view.toMs, width, chosen, pointed?.atMs, isDark]);
  return (
    <figure class="card timeline" ref={figure} aria-label="Timeline">
      <div class="row">
        <Legend />
        <span class="gap" />
        <ViewButtons movable={movable} isOpen={isOpen} />
      </div>
      <canvas
        ref={canvas}
        tabIndex={0}
        role="img"
        aria-label={`Audio and results over time: ${countsOf(timeline)}. Left and right go from mark to mark, plus and minus zoom.`}
        style={{ height: `${HEIGHT}px` }}
        onKeyDown={onKeyDown}
        {...pointer}
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

/** What the keys do. */
function keysOf(
  movable: MovableView,
  { bounds }: Timeline,
  toMark: (by: 1 | -1) => void,
): Readonly<Record<string, () => void>> {
  return {
    ArrowRight: () => toMark(1),
    ArrowLeft: () => toMark(-1),
    'Shift ArrowRight': () => movable.pan(PAN),
    'Shift ArrowLeft': () => movable.pan(-PAN),
    '+': () => movable.zoom(1 / ZOOM),
    '=': () => movable.zoom(1 / ZOOM),
    '-': () => movable.zoom(ZOOM),
    '0': () => movable.showAll(),
    Home: () => movable.show(bounds.startMs),
    End: () => movable.toEnd(),
  };
}

/** The mark after or before the chosen one; without one, the first that is seen. */
function nextMark({ marks }: Timeline, view: View, chosen: number | undefined, by: 1 | -1): Mark | undefined {
  const at = marks.findIndex(({ index }) => index === chosen);
  const seen = firstWhere(marks, ({ atMs }) => atMs >= view.fromMs);
  return marks[at < 0 ? Math.min(seen, marks.length - 1) : Math.max(0, Math.min(marks.length - 1, at + by))];
}

/** Says what is seen of the timeline, for a mouse. */
function ViewButtons({ movable, isOpen }: { movable: MovableView; isOpen: boolean }): JSX.Element {
  return (
    <span class="buttons">
      <button type="button" aria-label="See more time" onClick={() => movable.zoom(ZOOM)}>
        −
      </button>
      <button type="button" aria-label="See less time" onClick={() => movable.zoom(1 / ZOOM)}>
        +
      </button>
      <button type="button" onClick={() => movable.showAll()}>
        All
      </button>
      {isOpen && (
        <button type="button" aria-pressed={movable.follows} onClick={() => movable.toggleFollowing()}>
          Follow
        </button>
      )}
    </span>
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
