import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { readFrames } from './follow-frames.ts';
import type { FrameFilter } from './frames.ts';
import { BLOCK, type FrameStore } from './frame-store.ts';
import { allOf, isOpen, Search, type Listing } from './listing.ts';

/** What a list shows, and what it reports. */
export interface ListedFrames {
  readonly listing: Listing;
  /** What is listed; when this changes, the chosen frame is scrolled into view again. */
  readonly of: object;
  /** Changes with what is in memory. */
  readonly version: number;
  /** How many there are, including those that are not listed. */
  readonly total: number;
  /** Whether older frames are still being searched. */
  readonly isSearching: boolean;
  /** Why older frames cannot be read; empty if nothing is wrong. */
  readonly failure: string;
  /** Called with the places in view, so that what is there is read. */
  readonly onSeen: (from: number, to: number) => void;
}

/**
 * The frames that pass a filter. What is no longer in memory is read again: where the reader looks, or, for a filter, all of it.
 *
 * @param version changes whenever something has come
 */
export function useListing(
  id: string,
  store: FrameStore,
  version: number,
  filter: FrameFilter,
): ListedFrames {
  const [read, setRead] = useState(0);
  const [failure, setFailure] = useState('');
  const { from, text } = filter;
  const search = useMemo(
    () => (isOpen({ from, text }) ? undefined : new Search({ from, text })),
    [store, from, text],
  );
  const isDone = search?.look(store) ?? true;
  const wanted = useRef({ from: 0, to: 0 });
  const reading = useRef<FrameStore>(undefined);
  const fail = (error: unknown) => setFailure(error instanceof Error ? error.message : String(error));

  useEffect(() => {
    setFailure('');
    // A search needs the room.
    if (search !== undefined) store.drop();
    if (search === undefined || isDone) return;
    const leaving = new AbortController();
    const isOver = () => leaving.signal.aborted;
    const through = async () => {
      while (!isOver() && search.next < store.first) {
        const index = search.next;
        // A block at a time, which is in memory only for a moment.
        const events = await readFrames(id, store.partFrom(index, Math.min(index + BLOCK, store.first)));
        const rows = store.rowsOf(index, events);
        if (rows.length === 0) throw new Error('The fake has forgotten a part of this session.');
        if (isOver()) return;
        search.lookAt(rows);
        setRead((times) => times + 1);
      }
    };
    through().catch((error: unknown) => {
      if (!isOver()) fail(error);
    });
    return () => leaving.abort();
  }, [id, store, search, isDone]);

  const readWanted = async () => {
    if (reading.current === store) return;
    reading.current = store;
    try {
      for (;;) {
        const block = store.missing(wanted.current.from, wanted.current.to);
        if (block === undefined || reading.current !== store) return;
        store.keep(block, await readFrames(id, store.partOf(block)));
        setRead((times) => times + 1);
      }
    } finally {
      if (reading.current === store) reading.current = undefined;
    }
  };
  const onSeen = (first: number, last: number) => {
    if (search !== undefined) return;
    wanted.current = { from: first, to: last };
    readWanted().catch(fail);
  };
  const listing = useMemo(() => search?.listing ?? allOf(store), [store, search, version, read]);
  return {
    listing,
    of: search ?? store,
    version: version + read,
    total: search?.total ?? store.length,
    isSearching: !isDone,
    failure,
    onSeen,
  };
}
