import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { lagAfter } from '../../../src/mock-server/fleet/lag.ts';

// The reason for an upgrade of fifty that was refused with 503 on a busy machine: one heartbeat was answered at once and read
// more than a second later. The clock of Redis seemed to be that far behind, so until the next heartbeat each question was over
// before Redis saw it.
describe('how far the clock of Redis is ahead', () => {
  test.each([
    ['as an answer that is read at once says', 0, 100, 101, 1_000_100, 999_999],
    ['as before, where an answer is read late', 1_000_000, 100, 1900, 1_000_100, 1_000_000],
    ['as before, where a question arrives late', 1_000_000, 100, 1900, 1_001_900, 1_000_000],
    ['less, where that clock was set back', 1_000_000, 100, 102, 995_101, 995_001],
    ['more, where that clock was set forward', 1_000_000, 100, 102, 1_005_101, 1_004_999],
  ])('is %s', (_case, before, asked, read, theirs, after) => {
    expect(lagAfter(before, asked, read, theirs)).toBe(after);
  });

  it('is never further from the truth than before, and never by more than the answer took', () => {
    const ms = fc.integer({ min: 0, max: 5000 });
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: -5000, max: 5000 }),
        ms,
        ms,
        (truth, error, there, back) => {
          const after = lagAfter(truth + error, 100, 100 + there + back, 100 + there + truth);

          expect(Math.abs(after - truth)).toBeLessThanOrEqual(
            Math.min(Math.abs(error), Math.max(there, back)),
          );
        },
      ),
    );
  });
});
