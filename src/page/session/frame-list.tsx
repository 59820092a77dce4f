import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { FrameRow } from './frames.ts';
import type { ListedFrames } from './use-listing.ts';

/** The height of a row, which the style also has. */
const ROW_PX = 32;
/** Rows that are drawn above and below those in view. */
const MARGIN = 8;

interface ListProps {
  readonly listed: ListedFrames;
  readonly startMs: number;
  readonly chosen: number | undefined;
  readonly onChoose: (index: number) => void;
}

/** A list of which only the part in view is drawn. It stays at its end until the reader scrolls away from there. */
export function FrameList({ listed, startMs, chosen, onChoose }: ListProps): JSX.Element {
  const { listing, version, onSeen } = listed;
  const { length } = listing;
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
  }, [length, height]);

  const show = (place: number) => {
    const { current } = box;
    if (current === null) return;
    const y = place * ROW_PX;
    const before = current.scrollTop;
    if (y < current.scrollTop) current.scrollTop = y;
    else if (y + ROW_PX > current.scrollTop + current.clientHeight)
      current.scrollTop = y + ROW_PX - current.clientHeight;
    // New frames must not take the reader away from there.
    if (current.scrollTop < before) follows.current = false;
  };
  // A frame may be chosen elsewhere on the page, and before it is in the list.
  const chosenPlace = chosen === undefined ? undefined : listing.placeOf(chosen);
  useLayoutEffect(() => {
    if (chosenPlace !== undefined) show(chosenPlace);
  }, [chosen, chosenPlace === undefined, listed.of]);

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
    if (length > 0) onChoose(listing.indexAt(Math.max(0, Math.min(length - 1, place))));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = chosenPlace ?? -1;
    const page = Math.max(1, Math.floor(height / ROW_PX) - 1);
    const to: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at < 0 ? length - 1 : at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: length - 1,
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
  const last = Math.min(length, Math.ceil((top + height) / ROW_PX) + MARGIN);
  useEffect(() => {
    // The end is always in memory, and while it is followed, `first` and `last` lag behind.
    if (!follows.current) onSeen(first, last);
  }, [first, last, version]);
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
        <div class="room" role="presentation" style={{ height: `${length * ROW_PX}px` }}>
          {Array.from({ length: Math.max(0, last - first) }, (_, i) => (
            <Line
              key={listing.indexAt(first + i)}
              row={listing.rowAt(first + i)}
              index={listing.indexAt(first + i)}
              place={first + i}
              length={length}
              startMs={startMs}
              isChosen={listing.indexAt(first + i) === chosen}
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
  /** Undefined while it is read. */
  readonly row: FrameRow | undefined;
  readonly index: number;
  readonly place: number;
  /** How many rows there are. */
  readonly length: number;
  readonly startMs: number;
  readonly isChosen: boolean;
  readonly onChoose: (index: number) => void;
}

function Line({ row, index, place, length, startMs, isChosen, onChoose }: LineProps): JSX.Element {
  return (
    <div
      id={`frame-${index}`}
      role="option"
      aria-selected={isChosen}
      aria-setsize={length}
      aria-posinset={place + 1}
      class={`frame ${row?.from ?? 'neither'}`}
      style={{ transform: `translateY(${place * ROW_PX}px)` }}
      onClick={() => onChoose(index)}
    >
      {row === undefined ? <span class="quiet">…</span> : <Cells row={row} startMs={startMs} />}
    </div>
  );
}

function Cells({ row, startMs }: { row: FrameRow; startMs: number }): JSX.Element {
  const { atMs, from, kind, byteCount, summary } = row;
  return (
    <>
      <span class="at">{((atMs - startMs) / 1000).toFixed(3)}</span>
      <span class="from">{from ?? '—'}</span>
      <span class="kind">{kind}</span>
      <span class="size">{byteCount === undefined ? '' : `${byteCount} B`}</span>
      <bdi class="summary">{summary}</bdi>
    </>
  );
}
