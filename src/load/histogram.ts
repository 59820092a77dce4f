/**
 * Values up to this many units have a bucket each; above, each doubling is divided into half this many buckets (at most
 * 0.8 % wide).
 */
const EXACT = 256;
const HALF = EXACT / 2;
/** Units in a millisecond. */
const UNITS = 10;
/** Longer times are counted as this one: a day. */
const MOST_UNITS = 864_000_000;

/** The counts of the buckets, as in a file: `[bucket, count]` in ascending order. */
export type Buckets = readonly (readonly [bucket: number, count: number])[];

/** A summary of a distribution of times, in milliseconds; undefined if nothing was measured. */
export interface Percentiles {
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly 'p99.9': number;
  readonly max: number;
}

/**
 * How often times occurred, in buckets of a fixed relative width, so that those of several processes add up exactly and
 * memory does not grow with their number. Times are exact to a tenth of a millisecond up to 25 ms, and to 0.8 % above
 * that.
 */
export class Histogram {
  readonly #counts = new Map<number, number>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** @param ms a negative time counts as 0 */
  add(ms: number): void {
    this.#addTo(bucketOf(ms), 1);
  }

  addAll(buckets: Buckets): void {
    for (const [bucket, count] of buckets) this.#addTo(bucket, count);
  }

  /**
   * The smallest time that at least this share of all times does not exceed.
   *
   * @param share from 0 to 1
   */
  at(share: number): number | undefined {
    if (this.#count === 0) return undefined;
    const wanted = Math.max(1, Math.ceil(share * this.#count));
    let seen = 0;
    for (const [bucket, count] of this.buckets) {
      seen += count;
      if (seen >= wanted) return upperMs(bucket);
    }
    return undefined;
  }

  get percentiles(): Percentiles | undefined {
    const [p50, p90, p95, p99, p999, max] = [0.5, 0.9, 0.95, 0.99, 0.999, 1].map(
      (share) => this.at(share) ?? 0,
    );
    if (this.#count === 0) return undefined;
    return { p50, p90, p95, p99, 'p99.9': p999, max } as Percentiles;
  }

  get buckets(): Buckets {
    return [...this.#counts].sort(([a], [b]) => a - b);
  }

  #addTo(bucket: number, count: number): void {
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + count);
    this.#count += count;
  }
}

/** A histogram of the counts in several reports together. */
export function histogramOf(...all: readonly Buckets[]): Histogram {
  const histogram = new Histogram();
  for (const buckets of all) histogram.addAll(buckets);
  return histogram;
}

function bucketOf(ms: number): number {
  const units = Math.min(MOST_UNITS, Math.max(0, Math.round(ms * UNITS)));
  if (units < EXACT) return units;
  // How often it has to be halved to have as many digits as the last exact value.
  const halvings = Math.floor(Math.log2(units)) - Math.log2(HALF);
  return EXACT + (halvings - 1) * HALF + Math.floor(units / 2 ** halvings) - HALF;
}

/** The longest time in a bucket, in milliseconds. */
function upperMs(bucket: number): number {
  if (bucket < EXACT) return bucket / UNITS;
  const halvings = Math.floor((bucket - EXACT) / HALF) + 1;
  const digits = ((bucket - EXACT) % HALF) + HALF;
  return ((digits + 1) * 2 ** halvings - 1) / UNITS;
}

/** The highest bucket that exists, for checking files. */
export const MOST_BUCKET = bucketOf(Infinity);
