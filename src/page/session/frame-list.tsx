import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { FrameRow } from './frames.ts';

/** The height of a row, which the style also has. */
const ROW_PX = 32;
/** Rows that are drawn above and below what is seen. */
const MARGIN = 8;

interface ListProps {
  readonly rows: readonly FrameRow[];
  readonly startMs: number;
  readonly chosen: number | undefined;
  readonly onChoose: (index: number) => void;
}

/** A list of which only the part that is seen is drawn. It stays at its end until its reader scrolls away from there. */
export function FrameList({ rows, startMs, chosen, onChoose }: ListProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(400);
  const follows = useRef(true);
  const [isFollowing, setFollowing] = useState(true);

  useEffect(() => {
    const { current } = box;
    if (current === null) return;
    const look = new ResizeObserver(() => setHeight(current.clientHeight));
    look.observe(current);
    return () => look.disconnect();
  }, []);
  useLayoutEffect(() => {
    const { current } = box;
    if (current !== null && follows.current) current.scrollTop = current.scrollHeight;
  }, [rows, height]);

  const show = (place: number) => {
    const { current } = box;
    if (current === null) return;
    const y = place * ROW_PX;
    if (y < current.scrollTop) current.scrollTop = y;
    else if (y + ROW_PX > current.scrollTop + current.clientHeight)
      current.scrollTop = y + ROW_PX - current.clientHeight;
  };
  // It may be chosen elsewhere.
  useLayoutEffect(() => {
    const place = rows.findIndex(({ index }) => index === chosen);
    if (place >= 0) show(place);
  }, [chosen]);

  const onScroll = ({
    currentTarget: { scrollTop, scrollHeight, clientHeight },
  }: {
    currentTarget: HTMLElement;
  }) => {
    follows.current = scrollTop + clientHeight >= scrollHeight - ROW_PX;
    setFollowing(follows.current);
    setTop(scrollTop);
  };
  const choose = (place: number) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, place))];
    if (row !== undefined) onChoose(row.index);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = rows.findIndex(({ index }) => index === chosen);
    const page = Math.max(1, Math.floor(height / ROW_PX) - 1);
    const to: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at < 0 ? rows.length - 1 : at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: rows.length - 1,
    };
    const place = to[event.key];
    if (place === undefined) return;
    event.preventDefault();
    choose(place);
  };
  const toEnd = () => {
    const { current } = box;
    if (current !== null) current.scrollTop = current.scrollHeight;
  };

  const first = Math.max(0, Math.floor(top / ROW_PX) - MARGIN);
  const last = Math.min(rows.length, Math.ceil((top + height) / ROW_PX) + MARGIN);
  return (
    <div class="frames">
      <div
        ref={box}
        class="rows"
        role="listbox"
        aria-label="Frames"
        tabIndex={0}
        aria-activedescendant={chosen === undefined ? undefined : `frame-${chosen}`}
        onScroll={onScroll}
        onKeyDown={onKeyDown}
      >
        <div class="room" role="presentation" style={{ height: `${rows.length * ROW_PX}px` }}>
          {rows.slice(first, last).map((row, place) => (
            <Line
              key={row.index}
              row={row}
              y={(first + place) * ROW_PX}
              startMs={startMs}
              isChosen={row.index === chosen}
              onChoose={onChoose}
            />
          ))}
        </div>
      </div>
      {!isFollowing && (
        <button type="button" class="to-end" onClick={toEnd}>
          To the end
        </button>
      )}
    </div>
  );
}

interface LineProps {
  readonly row: FrameRow;
  readonly y: number;
  readonly startMs: number;
  readonly isChosen: boolean;
  readonly onChoose: (index: number) => void;
}

function Line({ row, y, startMs, isChosen, onChoose }: LineProps): JSX.Element {
  const { index, atMs, from, kind, byteCount, summary } = row;
  return (
    <div
      id={`frame-${index}`}
      role="option"
      aria-selected={isChosen}
      class={`frame ${from ?? 'neither'}`}
      style={{ transform: `translateY(${y}px)` }}
      onClick={() => onChoose(index)}
    >
      <span class="at">{((atMs - startMs) / 1000).toFixed(3)}</span>
      <span class="from">{from ?? '—'}</span>
      <span class="kind">{kind}</span>
      <span class="size">{byteCount === undefined ? '' : `${byteCount} B`}</span>
      <bdi class="summary">{summary}</bdi>
    </div>
  );
}
