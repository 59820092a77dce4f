import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { thinned } from '../../../../src/conformance/report/drawing/thinned.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('a list that is thinned out', () => {
  it('is unchanged if it is short', () => {
    expect(thinned(numbers(3), () => false, 3)).toEqual(numbers(3).map((row) => ({ kind: 'row', row })));
  });

  it('keeps both ends, and the items that must be seen with their neighbours', () => {
    const kept = thinned(numbers(100), (row) => row === 50, 16);
    expect(kept.map((each) => (each.kind === 'row' ? each.row : `${each.count} left out`))).toEqual([
      ...[0, 1, 2, 3, '43 left out', 47, 48, 49, 50, 51, 52, 53, '42 left out', 96, 97, 98, 99],
    ]);
  });

  it('never keeps many more than allowed, counts all items, and keeps the order', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.integer({ min: 8, max: 100 }), fc.nat(10), (count, most, every) => {
        const kept = thinned(numbers(count), (row) => row % (every + 1) === 0, most);
        const rows = kept.flatMap((each) => (each.kind === 'row' ? [each.row] : []));
        const left = kept.reduce((sum, each) => sum + (each.kind === 'gap' ? each.count : 0), 0);
        expect(rows.length + left).toBe(count);
        expect(rows).toEqual([...rows].sort((a, b) => a - b));
        // The last item that must be seen may have its neighbours with it.
        expect(rows.length).toBeLessThanOrEqual(most + 7);
      }),
    );
  });
});
