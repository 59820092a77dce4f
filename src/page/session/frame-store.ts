import type { TraceEvent } from '../../wire/trace.ts';
import { rowOf, type FrameRow } from './frames.ts';

/** How many rows are read again at a time for a reader who goes back. */
export const BLOCK = 500;
/** Blocks that are kept; the one that was seen the longest ago goes first. */
const MOST_BLOCKS = 7;
/** The newest rows are all here. */
const MOST_NEWEST = 6000;
/** All rows that are in memory. */
export const MOST_LOADED = MOST_NEWEST + BLOCK + MOST_BLOCKS * BLOCK;

/** A range of the events of a trace, as the control API counts them. */
export interface Part {
  /** Counted from 0, including those that are no longer there. */
  readonly from: number;
  readonly count: number;
}

/** The rows of a trace, of which only some are in memory: the newest, and those that were read again. */
export class FrameStore {
  #newest: FrameRow[] = [];
  #length = 0;
  #startMs: number | undefined;
  /** Rows that stand for more than one event, because the fake has dropped them. */
  readonly #gaps: { readonly index: number; readonly more: number }[] = [];
  readonly #blocks = new Map<number, readonly FrameRow[]>();

  /** How many rows there are, in memory or not. */
  get length(): number {
    return this.#length;
  }

  /** All rows from this one on are in memory. */
  get first(): number {
    return this.#length - this.#newest.length;
  }

  /** When the first event came. */
  get startMs(): number {
    return this.#startMs ?? 0;
  }

  /** How many are in memory. */
  get inMemory(): number {
    return [...this.#blocks.values()].reduce((sum, { length }) => sum + length, this.#newest.length);
  }

  /** The next event of the trace. */
  add(event: TraceEvent): void {
    this.#startMs ??= event.atMs;
    const more = eventsIn(event) - 1;
    if (more > 0) this.#gaps.push({ index: this.#length, more });
    this.#newest.push(rowOf(event, this.#length));
    this.#length += 1;
    // A whole block goes, so that it can be read again as one.
    if (this.#newest.length >= MOST_NEWEST + BLOCK) this.#newest.splice(0, BLOCK);
  }

  /** A row; undefined if it is not in memory. */
  rowAt(index: number): FrameRow | undefined {
    const { first } = this;
    if (index >= first) return this.#newest[index - first];
    return this.#blocks.get(Math.floor(index / BLOCK))?.[index % BLOCK];
  }

  /** The first block that has to be read so that rows from `from` to before `to` are in memory. */
  missing(from: number, to: number): number | undefined {
    const last = Math.min(to, this.first);
    for (let block = Math.floor(Math.max(0, from) / BLOCK); block * BLOCK < last; block++) {
      const kept = this.#blocks.get(block);
      if (kept === undefined) return block;
      // It has just been seen, so it is the last to go.
      this.#blocks.delete(block);
      this.#blocks.set(block, kept);
    }
    return undefined;
  }

  /** Where a block is in the trace. */
  partOf(block: number): Part {
    return this.partFrom(block * BLOCK, (block + 1) * BLOCK);
  }

  /** Where the rows from `from` to before `to` are in the trace. */
  partFrom(from: number, to: number): Part {
    const first = this.#eventOf(from);
    return { from: first, count: this.#eventOf(to) - first };
  }

  /** The rows for events that were read again, the first of which is row `index`. */
  rowsOf(index: number, events: readonly TraceEvent[]): readonly FrameRow[] {
    const rows: FrameRow[] = [];
    for (const event of events) {
      const next = index + rows.length;
      const known = this.#gaps.find((gap) => gap.index === next)?.more ?? 0;
      // Events that were dropped since then leave empty places, so that all others keep theirs.
      const places = Math.min(BLOCK, Math.max(1, eventsIn(event) - known));
      for (let i = 0; i < places; i++) rows.push(rowOf(event, next + i));
    }
    return rows;
  }

  /** Keeps a block that was read. */
  keep(block: number, events: readonly TraceEvent[]): void {
    this.#blocks.delete(block);
    this.#blocks.set(block, this.rowsOf(block * BLOCK, events).slice(0, BLOCK));
    for (const old of this.#blocks.keys()) {
      if (this.#blocks.size <= MOST_BLOCKS) return;
      this.#blocks.delete(old);
    }
  }

  /** Forgets what was read again. */
  drop(): void {
    this.#blocks.clear();
  }

  /** The number of the event in a row, or of the first if it stands for several. */
  #eventOf(index: number): number {
    return this.#gaps.reduce((sum, gap) => (gap.index < index ? sum + gap.more : sum), index);
  }
}

/** How many events one line stands for. */
function eventsIn(event: TraceEvent): number {
  return event.kind === 'note' ? Math.max(1, event.dropped ?? 1) : 1;
}
