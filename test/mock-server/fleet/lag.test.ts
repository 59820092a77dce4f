import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { lagAfter } from '../../../src/mock-server/fleet/lag.ts';

// On a busy machine, one upgrade of fifty was refused with 503. The answer to one heartbeat had been read more than a second
// late, so the clock of Redis seemed to be that far behind, and until the next heartbeat each question was past its deadline
// before Redis saw it.
describe('how far the clock of Redis is ahead', () => {
  test.each([
    ['what an answer that is read immediately says', 0, 100, 101, 1_000_100, 999_999],
    ['as before if an answer is read late', 1_000_000, 100, 1900, 1_000_100, 1_000_000],
    ['as before if a question arrives late', 1_000_000, 100, 1900, 1_001_900, 1_000_000],
    ['less if that clock was set back', 1_000_000, 100, 102, 995_101, 995_001],
    ['more if that clock was set forward', 1_000_000, 100, 102, 1_005_101, 1_004_999],
  ])('is %s', (_case, before, asked, read, theirs, after) => {
    expect(lagAfter(before, asked, read, theirs)).toBe(after);
  });

  it('is never less accurate than before, and never off by more than the answer took', () => {
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
