import type { Clock } from '../../runtime/clock.ts';
import type { ServerEvent } from '../events.ts';
import type { Session } from '../open-session.ts';
import type { progressIn, Seen } from './progress.ts';
import type { Happened, Numbered, Progressed } from './event.ts';

/** What has happened is kept for readers who come back, but no more than this. */
export const MOST_KEPT = 10_000;
/** How long it is kept when no one reads any more, in real time. */
const KEPT_MS = 30_000;
/** Counters of a session are reported at most four times a second, in real time. */
const PROGRESS_MS = 250;

/** A listener. */
export interface FeedReader {
  /** Something has happened. */
  readonly onMore: () => void;
  /** Says which sessions have come further: loaded by who looks on, not at the start of the server. */
  readonly progressIn: typeof progressIn;
  /** Sessions have come further. */
  readonly onProgress: (progressed: readonly Progressed[]) => void;
}

/** Part of the feed, and where the next part begins. */
export interface FeedPart {
  readonly events: readonly Numbered[];
  /** Events before these that are no longer here. */
  readonly missed: number;
  readonly next: number;
}

export interface FeedOptions {
  /** Scenario time. */
  readonly clock: Pick<Clock, 'now'>;
  /** Real time. */
  readonly wall: Clock;
  /** The sessions that are open in this process. */
  readonly open: () => readonly Session[];
  /** Called when someone looks on, and when no one does any more. */
  readonly onWatched?: (isWatched: boolean) => void;
}

/** What happens in a server, for those who look on. Until someone does, it only counts. */
export class Feed {
  readonly #options: FeedOptions;
  readonly #readers = new Set<FeedReader>();
  readonly #ring: Numbered[] = [];
  #next = 1;
  /** The number of the oldest event that is kept. */
  #first = 1;
  #isOn = false;
  readonly #seen: Seen = new Map();
  #turn = 0;
  #cancelTick: (() => void) | undefined;
  #cancelEnd: (() => void) | undefined;

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  /** Whether anyone looks on, or did so just before. */
  get isOn(): boolean {
    return this.#isOn;
  }

  /** The number of the event that comes next. */
  get next(): number {
    return this.#next;
  }

  get readers(): number {
    return this.#readers.size;
  }

  add(happened: Happened): void {
    const n = this.#next++;
    if (!this.#isOn) return;
    const atMs = Math.round(this.#options.clock.now() * 10) / 10;
    this.#ring[n % MOST_KEPT] = { n, atMs, ...happened };
    this.#first = Math.max(this.#first, this.#next - MOST_KEPT);
    for (const reader of this.#readers) reader.onMore();
  }

  /** Also passes on the events of a log. Refusals and calls come with their ids, from where these are known. */
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
      case 'worker-lost':
      case 'refused':
    }
  }

  /** The events from a number on, at most `most` of them. */
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

  /** Tells a reader what happens from now on. The returned function ends that. */
  read(reader: FeedReader): () => void {
    if (!this.#isOn) this.#first = this.#next;
    this.#isOn = true;
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

  /** Tells how far sessions of other processes have come. */
  progressed(progressed: readonly Progressed[]): void {
    for (const reader of this.#readers) reader.onProgress(progressed);
  }

  /** Tells no one any more, and keeps nothing until someone looks on again. */
  stop(): void {
    this.#readers.clear();
    this.#cancelTick?.();
    this.#cancelTick = undefined;
    this.#cancelEnd?.();
    this.#cancelEnd = undefined;
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
