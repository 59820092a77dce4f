import { keysOf } from '../runtime/json/fields.ts';
import { Histogram } from './histogram.ts';
import {
  COUNTS,
  TIMES,
  type CountName,
  type Counts,
  type Measured,
  type Stretch,
  type TimeName,
} from './result.ts';

type Histograms = Readonly<Record<TimeName, Histogram>>;

interface Gathering {
  started: number;
  open: number;
  readonly times: Histograms;
}

/** More stretches of a run than a page can show. */
const MOST_STRETCHES = 240;
/** Different refusals, failures or close codes; the rest is counted as `other`. */
const MOST_KINDS = 50;

/** Gathers what is measured, in memory that does not grow with the number of sessions. */
export class Meter {
  readonly counts: { [Name in CountName]: number };
  readonly #times: Histograms = newHistograms();
  readonly #stretches: Gathering[] = [];
  readonly refusals = new Map<string, number>();
  readonly failures = new Map<string, number>();
  readonly closes = new Map<string, number>();
  readonly stretchMs: number;
  open = 0;

  /** @param runMs how long the run takes at most */
  constructor(runMs: number) {
    this.stretchMs = Math.max(1000, Math.ceil(runMs / MOST_STRETCHES / 1000) * 1000);
    this.counts = Object.fromEntries(keysOf(COUNTS).map((name) => [name, 0])) as Meter['counts'];
  }

  count(name: CountName): void {
    this.counts[name] += 1;
  }

  /** Something that has a kind. */
  tally(kinds: Map<string, number>, kind: string): void {
    const name = kinds.has(kind) || kinds.size < MOST_KINDS ? kind : 'other';
    kinds.set(name, (kinds.get(name) ?? 0) + 1);
  }

  time(name: TimeName, ms: number, nowMs: number): void {
    this.#times[name].add(ms);
    this.#at(nowMs)?.times[name].add(ms);
  }

  began(nowMs: number): void {
    this.count('started');
    const stretch = this.#at(nowMs);
    if (stretch !== undefined) stretch.started += 1;
  }

  /** One session more or less is open. */
  opened(change: 1 | -1, nowMs: number): void {
    this.open += change;
    const stretch = this.#at(nowMs);
    if (stretch !== undefined) stretch.open = Math.max(stretch.open, this.open);
  }

  get times(): Readonly<Record<TimeName, Measured>> {
    return mapTimes((name) => {
      const { count, percentiles, buckets } = this.#times[name];
      return { count, percentiles, buckets };
    });
  }

  get timeline(): readonly Stretch[] {
    return this.#stretches.map(({ started, open, times }, i) => ({
      atMs: i * this.stretchMs,
      ...{ started, open },
      times: mapTimes((name) => times[name].buckets),
    }));
  }

  /** A percentile of what was measured so far. */
  soFar(name: TimeName, share: number): number | undefined {
    return this.#times[name].at(share);
  }

  get countsSoFar(): Counts {
    return { ...this.counts };
  }

  #at(nowMs: number): Gathering | undefined {
    const place = Math.min(2 * MOST_STRETCHES, Math.floor(nowMs / this.stretchMs));
    while (this.#stretches.length <= place)
      this.#stretches.push({ started: 0, open: this.open, times: newHistograms() });
    return this.#stretches[place];
  }
}

/** A value for each of the measured times. */
export function mapTimes<Each>(of: (name: TimeName) => Each): Readonly<Record<TimeName, Each>> {
  return Object.fromEntries(keysOf(TIMES).map((name) => [name, of(name)])) as Record<TimeName, Each>;
}

function newHistograms(): Histograms {
  return mapTimes(() => new Histogram());
}
