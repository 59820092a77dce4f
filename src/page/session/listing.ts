import { firstWhere } from '../timeline/audio.ts';
import { isShown, type FrameFilter, type FrameRow } from './frames.ts';
import { BLOCK, type FrameStore } from './frame-store.ts';

/** What a list of frames shows, in its order. */
export interface Listing {
  readonly length: number;
  /** Undefined for one that has to be read first. */
  rowAt(place: number): FrameRow | undefined;
  /** The index of the frame at a place. */
  indexAt(place: number): number;
  /** Where a frame is; undefined for one that is not in the list. */
  placeOf(index: number): number | undefined;
}

/** All frames. */
export function allOf(store: FrameStore): Listing {
  const { length } = store;
  return {
    length,
    rowAt: (place) => store.rowAt(place),
    indexAt: (place) => place,
    placeOf: (index) => (index < length ? index : undefined),
  };
}

/** The most frames that a search keeps; the oldest go first. */
export const MOST_FOUND = 3000;

/** Looks through all frames for those that pass a filter. */
export class Search {
  readonly filter: FrameFilter;
  #found: FrameRow[] = [];
  /** How many were found, including those that are no longer kept. */
  total = 0;
  /** The next one to look at. */
  next = 0;

  constructor(filter: FrameFilter) {
    this.filter = filter;
  }

  /** Looks at what is in memory, from the next one on; returns whether all of it was. */
  look(store: FrameStore): boolean {
    for (; this.next < store.length; this.next++) {
      const row = store.rowAt(this.next);
      if (row === undefined) return false;
      this.#look(row);
    }
    return true;
  }

  /** Looks at rows that were read again. */
  lookAt(rows: readonly FrameRow[]): void {
    for (const row of rows) {
      if (row.index !== this.next) continue;
      this.#look(row);
      this.next += 1;
    }
  }

  get listing(): Listing {
    const rows = this.#found.slice(-MOST_FOUND);
    return {
      length: rows.length,
      rowAt: (place) => rows[place],
      indexAt: (place) => rows[place]?.index ?? 0,
      placeOf(index) {
        const place = firstWhere(rows, (row) => row.index >= index);
        return rows[place]?.index === index ? place : undefined;
      },
    };
  }

  #look(row: FrameRow): void {
    if (!isShown(row, this.filter)) return;
    this.total += 1;
    this.#found.push(row);
    if (this.#found.length > MOST_FOUND + BLOCK) this.#found = this.#found.slice(-MOST_FOUND);
  }
}

/** Whether everything passes a filter. */
export function isOpen({ from, text }: FrameFilter): boolean {
  return from === undefined && text === '';
}
