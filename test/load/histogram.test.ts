import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Histogram, histogramOf } from '../../src/load/histogram.ts';

const times = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 300 });

function filled(values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.add(value);
  return histogram;
}

describe('a histogram of times', () => {
  it('knows percentiles to a tenth of a millisecond, or to 0.8 percent', () => {
    const histogram = filled(Array.from({ length: 1000 }, (_none, i) => i + 1));
    expect(filled([0.1, 0.2, 0.3]).at(0.5)).toBe(0.2);
    expect(histogram.at(0.5)).toBeGreaterThanOrEqual(500);
    expect(histogram.at(0.5)).toBeLessThan(500 * 1.008);
    expect(histogram.at(0.99)).toBeLessThan(990 * 1.008);
    expect(new Histogram().at(0.5)).toBeUndefined();
    expect(new Histogram().percentiles).toBeUndefined();
  });

  it('never gives too small a percentile, nor one too large by more than 0.8 percent or a tenth of a millisecond', () => {
    fc.assert(
      fc.property(times, fc.double({ min: 0.001, max: 1, noNaN: true }), (values, share) => {
        const exact = [...values].sort((a, b) => a - b)[Math.ceil(share * values.length) - 1] ?? 0;
        const found = filled(values).at(share) ?? NaN;
        expect(found).toBeGreaterThanOrEqual(exact - 0.05001);
        expect(found).toBeLessThanOrEqual(exact * 1.008 + 0.1);
      }),
    );
  });

  it('adds up exactly: histograms of the parts have the same buckets together as one of all times', () => {
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 5 }), (values, count) => {
        const parts = Array.from({ length: count }, (_none, part) =>
          filled(values.filter((_v, i) => i % count === part)),
        );
        const sum = histogramOf(...parts.map(({ buckets }) => buckets));
        expect(sum.buckets).toEqual(filled(values).buckets);
        expect(sum.count).toBe(values.length);
      }),
    );
  });

  it('accepts any number', () => {
    const histogram = filled([-5, 0, Infinity]);
    expect(histogram.at(0.1)).toBe(0);
    expect(histogram.at(1)).toBeGreaterThanOrEqual(86_400_000);
  });
});
