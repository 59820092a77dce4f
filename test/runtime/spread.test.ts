import { describe, expect, it } from 'vitest';
import { chance } from '../../src/runtime/random.ts';
import { draw, type Spread } from '../../src/runtime/spread.ts';

const MANY = 20_000;

/** Many durations, shortest first. */
function drawMany(spread: Spread, seed = 1): readonly number[] {
  return Array.from({ length: MANY }, (_, i) => draw(spread, (k) => chance(seed, 'test', i, k))).sort(
    (a, b) => a - b,
  );
}

const at = (sorted: readonly number[], share: number) => sorted[Math.floor(share * sorted.length)] ?? NaN;

describe('a random duration', () => {
  it('from a range is within it, and below its middle half of the time', () => {
    const drawn = drawMany({ kind: 'uniform', minMs: 100, maxMs: 300 });

    expect(drawn[0]).toBeGreaterThanOrEqual(100);
    expect(drawn.at(-1)).toBeLessThanOrEqual(300);
    expect(at(drawn, 0.5) / 200).toBeCloseTo(1, 1);
  });

  it('from a normal distribution has its mean and deviation, and is never below 0', () => {
    const drawn = drawMany({ kind: 'normal', meanMs: 1000, deviationMs: 100, maxMs: 1e9 });

    expect(at(drawn, 0.5) / 1000).toBeCloseTo(1, 1);
    expect((at(drawn, 0.8413) - at(drawn, 0.1587)) / 200).toBeCloseTo(1, 1);
    expect(drawMany({ kind: 'normal', meanMs: 0, deviationMs: 100, maxMs: 1e9 })[0]).toBe(0);
  });

  it('from a log-normal distribution has its median and its 99th percentile', () => {
    const drawn = drawMany({ kind: 'log-normal', medianMs: 80, p99Ms: 900, maxMs: 1e9 });

    expect(at(drawn, 0.5) / 80).toBeCloseTo(1, 1);
    expect(at(drawn, 0.99) / 900).toBeGreaterThan(0.85);
    expect(at(drawn, 0.99) / 900).toBeLessThan(1.15);
  });

  it('from a Pareto distribution is never below its minimum, and has its tail', () => {
    const drawn = drawMany({ kind: 'pareto', minMs: 50, shape: 1.5, maxMs: 1e9 });
    expect(drawn[0]).toBeGreaterThanOrEqual(50);

    // The share that is longer than x is (min / x) ** shape.
    const longer = drawn.filter((ms) => ms > 200).length / MANY;
    expect(longer / 0.125).toBeCloseTo(1, 1);
  });

  it('is limited to the maximum, and the same for the same seed', () => {
    const spread: Spread = { kind: 'pareto', minMs: 50, shape: 0.5, maxMs: 400 };

    expect(drawMany(spread).at(-1)).toBe(400);
    expect(drawMany(spread)).toEqual(drawMany(spread));
    expect(drawMany(spread)).not.toEqual(drawMany(spread, 2));
  });
});
