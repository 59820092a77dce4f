/** Distributions of durations. All are milliseconds; drawn values are never below 0 nor above `maxMs`. */
export type Spread =
  /** Uniform over the range. */
  | { readonly kind: 'uniform'; readonly minMs: number; readonly maxMs: number }
  | {
      readonly kind: 'normal';
      readonly meanMs: number;
      readonly deviationMs: number;
      readonly maxMs: number;
    }
  /** Half are shorter than the median, and one in a hundred is longer than the 99th percentile. */
  | { readonly kind: 'log-normal'; readonly medianMs: number; readonly p99Ms: number; readonly maxMs: number }
  /** None is shorter than the minimum; the smaller the shape, the heavier the tail. */
  | { readonly kind: 'pareto'; readonly minMs: number; readonly shape: number; readonly maxMs: number };

/** The 99th percentile of the standard normal distribution. */
const Z99 = 2.3263478740408408;

/** Draws a value. `at(0)` and `at(1)` are independent numbers in [0, 1). */
export function draw(spread: Spread, at: (i: 0 | 1) => number): number {
  const ms = drawn(spread, at);
  return Math.min(Math.max(0, ms), spread.maxMs);
}

function drawn(spread: Spread, at: (i: 0 | 1) => number): number {
  switch (spread.kind) {
    case 'uniform':
      return spread.minMs + (spread.maxMs - spread.minMs) * at(0);
    case 'normal':
      return spread.meanMs + spread.deviationMs * standardNormal(at);
    case 'log-normal': {
      const sigma = Math.log(spread.p99Ms / spread.medianMs) / Z99;
      return spread.medianMs * Math.exp(sigma * standardNormal(at));
    }
    case 'pareto':
      return spread.minMs / (1 - at(0)) ** (1 / spread.shape);
  }
}

/** The Box-Muller transform; 1 - u is never 0. */
function standardNormal(at: (i: 0 | 1) => number): number {
  return Math.sqrt(-2 * Math.log(1 - at(0))) * Math.cos(2 * Math.PI * at(1));
}
