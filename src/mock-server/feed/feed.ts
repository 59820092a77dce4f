import { inTenths, type Clock } from '../../runtime/clock.ts';
import type { ServerEvent } from '../events.ts';
import type { Session } from '../open-session.ts';
import type { progressIn, Seen } from './progress.ts';
import { isOwn, type Happened, type Numbered, type Progressed } from './event.ts';

/** The number of events that are kept for readers who come back. */
export const MOST_KEPT = 10_000;
/** How long events are kept after the last reader has left, in real time. */
const KEPT_MS = 30_000;
/** Counters of a session are reported at most four times a second, in real time. */
const PROGRESS_MS = 250;

/** A listener. */
export interface FeedReader {
  /** Something has happened. */
  readonly onMore: () => void;
  /**
   * Finds the sessions that have made progress: brought by the reader, so that it is not loaded when the server starts.
   */
  readonly progressIn: typeof progressIn;
  /** Sessions have made progress. */
  readonly onProgress: (progressed: readonly Progressed[]) => void;
}

/** Part of the feed, and where the next part begins. */
export interface FeedPart {
  readonly events: readonly Numbered[];
  /** The number of earlier events that are no longer kept. */
  readonly missed: number;
  readonly next: number;
}

/** What the feed needs from the server. */
export interface FeedOptions {
  /** Scenario time. */
  readonly clock: Pick<Clock, 'now'>;
  /** Real time. */
  readonly wall: Clock;
  /** The sessions that are open in this process. */
  readonly open: () => readonly Session[];
  /** Called when the first reader comes and when the last one has left. */
  readonly onWatched?: (isWatched: boolean) => void;
  /** Called when events begin to be kept, and when they no longer are. */
  readonly onKept?: (isKept: boolean) => void;
  /** The numbers of events are higher than this. Left out: 0. */
  readonly base?: number;
}

/** Passes what happens in a server on to readers. While there is none, it only counts. */
export class Feed {
  readonly #options: FeedOptions;
  readonly #readers = new Set<FeedReader>();
  readonly #ring: Numbered[] = [];
  /** The number below that of the first event of this feed. */
  readonly base: number;
  #next: number;
  /** The number of the oldest event that is kept. */
  #first: number;
  #own = 0;
  #isOn = false;
  readonly #seen: Seen = new Map();
  #turn = 0;
  #cancelTick: (() => void) | undefined;
  #cancelEnd: (() => void) | undefined;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.base = options.base ?? 0;
    this.#next = this.base + 1;
    this.#first = this.#next;
  }

  /** Whether there is a reader, or was one a moment ago. */
  get isOn(): boolean {
    return this.#isOn;
  }

  /** The number of the event that comes next. */
  get next(): number {
    return this.#next;
  }

  /** How many events were about connections and calls of this server. */
  get own(): number {
    return this.#own;
  }

  get readers(): number {
    return this.#readers.size;
  }

  add(happened: Happened): void {
    const n = this.#next++;
    if (isOwn(happened)) this.#own += 1;
    if (!this.#isOn) return;
    const atMs = inTenths(this.#options.clock.now());
    this.#ring[n % MOST_KEPT] = { n, atMs, ...happened };
    this.#first = Math.max(this.#first, this.#next - MOST_KEPT);
    for (const reader of this.#readers) reader.onMore();
  }

  /** Counts events of which no more is known. To readers, they are a gap, together with what those have not read yet. */
  skip(count: number): void {
    if (count <= 0) return;
    this.#next += count;
    this.#first = this.#next;
    for (const reader of this.#readers) reader.onMore();
  }

  /** Passes on the events of a log. Refusals and calls are reported with their ids elsewhere, where these are known. */
  tell(event: ServerEvent): void {
    switch (event.event) {
      case 'session-open':
      case 'session-close':
      case 'session-note':
      case 'session-error':
        return this.add(event);
      case 'scenario-loaded':
        return this.add({ event: 'scenario', change: 'loaded', name: event.name });
      case 'scenario-broken':
        return this.add({ event: 'scenario', change: 'broken', message: event.message });
      case 'recordings-loaded':
      case 'recordings-broken':
      case 'recording-note':
      case 'recording-heard':
      case 'not-found':
      case 'wrong-scheme':
      case 'worker-lost':
      case 'refused':
    }
  }

  /** The events from a number on, at most `most`. */
  part(from: number, most: number): FeedPart {
    const start = Math.max(from, this.#first);
    const end = Math.min(start + most, this.#next);
    const events: Numbered[] = [];
    for (let n = start; n < end; n++) {
      const event = this.#ring[n % MOST_KEPT];
      if (event !== undefined) events.push(event);
    }
    return { events, missed: start - from, next: Math.max(start, end) };
  }

  /** Reports what happens from now on to a reader. Call the returned function to stop it. */
  read(reader: FeedReader): () => void {
    if (!this.#isOn) {
      this.#first = this.#next;
      this.#isOn = true;
      this.#options.onKept?.(true);
    }
    this.#cancelEnd?.();
    this.#cancelEnd = undefined;
    this.#readers.add(reader);
    if (this.#readers.size === 1) this.#options.onWatched?.(true);
    this.#cancelTick ??= this.#tickLater();
    return () => {
      if (!this.#readers.delete(reader) || this.#readers.size > 0) return;
      this.#options.onWatched?.(false);
      this.#cancelTick?.();
      this.#cancelTick = undefined;
      this.#seen.clear();
      const { wall } = this.#options;
      this.#cancelEnd = wall.at(wall.now() + KEPT_MS, () => this.stop());
    };
  }

  /** Reports the progress of sessions of other processes. */
  progressed(progressed: readonly Progressed[]): void {
    for (const reader of this.#readers) reader.onProgress(progressed);
  }

  /** Stops reporting, and keeps nothing until there is a reader again. */
  stop(): void {
    this.#readers.clear();
    this.#cancelTick?.();
    this.#cancelTick = undefined;
    this.#cancelEnd?.();
    this.#cancelEnd = undefined;
    if (this.#isOn) this.#options.onKept?.(false);
    this.#isOn = false;
    this.#ring.length = 0;
  }

  #tickLater(): () => void {
    const { wall, open } = this.#options;
    return wall.at(wall.now() + PROGRESS_MS, () => {
      this.#cancelTick = this.#tickLater();
      const [first] = this.#readers;
      if (first === undefined) return;
      const { progressed, turn } = first.progressIn(open(), this.#seen, this.#turn);
      this.#turn = turn;
      if (progressed.length > 0) for (const reader of this.#readers) reader.onProgress(progressed);
    });
  }
}
