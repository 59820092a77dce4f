import type { Percentiles } from './load/plan.ts';

/** Collects up to `capacity` numbers without allocating; the rest is counted but not kept. */
export class Samples {
  readonly #values: Float64Array;
  #length = 0;

  constructor(capacity: number) {
    this.#values = new Float64Array(capacity);
  }

  add(value: number): void {
    if (this.#length < this.#values.length) this.#values[this.#length++] = value;
  }

  /** How many are kept. */
  get length(): number {
    return this.#length;
  }

  percentiles(): Percentiles {
    const sorted = this.#values.slice(0, this.#length).sort();
    const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? NaN;
    return { p50: at(0.5), p99: at(0.99), max: at(1) };
  }
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}
